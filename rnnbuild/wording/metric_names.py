"""Names of scores as a person reads them; files keep the raw ones."""

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
