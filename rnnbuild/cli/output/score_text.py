"""Names and numbers of scores as a person reads them; JSON and CSV keep the raw ones."""

from typing import Any

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


def figure(value: Any) -> str:
    """Four digits behind the point, fewer where many stand before it; nothing for None."""
    if value is None:
        return ""
    before = len(f"{abs(value):.0f}")
    return f"{value:,.{max(0, 5 - before)}f}"


def interval(score: dict[str, Any]) -> str:
    """`0.8120–0.8450`; nothing where there is none."""
    if score.get("low") is None:
        return ""
    return f"{figure(score['low'])}–{figure(score['high'])}"
