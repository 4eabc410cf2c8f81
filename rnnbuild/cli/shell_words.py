"""Words as shells hand them over for completion, and the scripts that ask for completions.

Bash takes `=` for the end of a word (COMP_WORDBREAKS): of `--set cell=l` it sends `cell`, `=` and
`l`, and puts the completion in the place of the last alone. Click would take `=` for an argument.
"""

import os
from collections.abc import Mapping, Sequence

SHELL, WORDS, CURSOR = "_RNNBUILD_COMPLETE", "COMP_WORDS", "COMP_CWORD"

begun = ""
"""What precedes the word at the cursor without a blank: `cell=`. Its completions go without it."""

BASH = """
%(complete_func)s() {
    local IFS=$'\\n'
    COMPREPLY=( $( env COMP_WORDS="${COMP_WORDS[*]}" \\
                   COMP_CWORD=$COMP_CWORD \\
                   %(autocomplete_var)s=complete_bash $1 ) )
    # A key goes on after a dot or an equals sign.
    [[ ${COMPREPLY[0]} == *[.=] ]] && compopt -o nospace
    return 0
}

complete -o default -F %(complete_func)s %(prog_name)s
"""
"""Typer's script, which puts a blank after each word, with the line below the comment."""


ZSH = """
#compdef %(prog_name)s

%(complete_func)s() {
    local offered=$(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \\
                        %(autocomplete_var)s=complete_zsh %(prog_name)s)
    # Of --set=cell=l, only what follows the option is completed.
    [[ $PREFIX == --*=* ]] && compset -p $(( ${#${PREFIX%%%%=*}} + 1 ))
    # A key goes on after a dot or an equals sign: no blank.
    [[ $offered == *[.=]\\"* ]] && compadd() { builtin compadd -S '' "$@" }
    eval $offered
    unfunction compadd 2>/dev/null
    return 0
}

compdef %(complete_func)s %(prog_name)s
"""
"""Typer's script, with what the comments say."""


def use_own_scripts() -> None:
    """Print and install these scripts; Typer's for other shells, and where it has no such table."""
    from typer import _completion_shared

    scripts = getattr(_completion_shared, "_completion_scripts", {})
    for shell, script in (("bash", BASH), ("zsh", ZSH)):
        if shell in scripts:
            scripts[shell] = script


def join_words(environment: Mapping[str, str] = os.environ) -> None:
    """Put words together again that Bash has divided at `=`, and remember what is `begun`."""
    global begun
    if environment.get(SHELL) != "complete_bash" or WORDS not in environment:
        return
    separator = "\n" if "\n" in environment[WORDS] else " "
    words = environment[WORDS].split(separator)
    cursor = int(environment.get(CURSOR, len(words) - 1))
    before, last = joined(words[:cursor]), words[cursor] if cursor < len(words) else ""
    if last.startswith("=") or before[-1].endswith("="):
        begun = before.pop() + (last if last.startswith("=") else "")
        last = "" if last.startswith("=") else last
        if begun.startswith("--"):  # --set=cell=l
            option, _, begun = begun.partition("=")
            before.append(option)
    os.environ[WORDS] = separator.join([*before, last])
    os.environ[CURSOR] = str(len(before))


def joined(words: Sequence[str]) -> list[str]:
    """`--set`, `cell`, `=`, `l` as `--set`, `cell=l`."""
    whole: list[str] = []
    for word in words:
        if whole and (word.startswith("=") or whole[-1].endswith("=")):
            whole[-1] += word
        else:
            whole.append(word)
    return whole
