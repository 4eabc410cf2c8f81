"""How a status is called."""

from http import HTTPStatus

from rnnbuild.serving.problems import title_of


def test_titles_are_those_of_rfc_9110_on_every_python() -> None:
    assert title_of(HTTPStatus(422)) == "Unprocessable Content"
    assert title_of(HTTPStatus(413)) == "Content Too Large"
    assert title_of(HTTPStatus.NOT_FOUND) == "Not Found"
