"""Names of scores as a person reads them; files keep the raw ones."""

from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.metrics.tasks import ARE_THE_LOSS

ABBREVIATIONS = {
    "f1": "F1",
    "bleu": "BLEU",
    "mae": "MAE",
    "mse": "MSE",
    "rmse": "RMSE",
    "mase": "MASE",
    "roc": "ROC",
    "auc": "AUC",
}


def metric_name(name: str) -> str:
    """`token accuracy` of token_accuracy, `macro F1` of macro_f1."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in name.split("_"))


def metric_noun(name: str) -> str:
    """The name as a sentence takes it, one thing: nats are those of the `cross-entropy`."""
    return "cross-entropy" if name == NATS_A_TOKEN.name else metric_name(name)


def followed(*metrics: str) -> dict[str, str]:
    """The scores that are shown in the course of training, with their names as a person reads them.

    They are the loss and these metrics; one that is the loss itself gives the loss its name.
    """
    names = [name for name in metrics if name in ARE_THE_LOSS]
    others = [name for name in metrics if name not in (*names, "loss")]
    return {
        "loss": metric_name(names[0] if names else "loss"),
        **{name: metric_name(name) for name in others},
    }
