"""Names of scores as a person reads them; files keep the raw ones."""

from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.metrics.tasks import ARE_THE_LOSS, METRICS

ABBREVIATIONS = {
    "f1": "F1",
    "bleu": "BLEU",
    "mae": "MAE",
    "mse": "MSE",
    "rmse": "RMSE",
    "mase": "MASE",
    "roc": "ROC",
    "auc": "AUC",
    "nats": "nats per token",
}


ANY_TOKEN = "token"


def metric_name(name: str, token: str = ANY_TOKEN) -> str:
    """`token accuracy` of token_accuracy, `macro F1` of macro_f1, `nats per character` of nats.

    `token` says what a language model's tokens are, where that is known.
    """
    text = " ".join(ABBREVIATIONS.get(word, word) for word in name.split("_"))
    return text.replace("per token", f"per {token}")


def metric_of_training(name: str, main: str) -> str:
    """The metric that a training score is of, where the main one is `main`: an accuracy is that of
    tokens where theirs is among the metrics."""
    beside_main = (metrics for metrics in METRICS.values() if metrics[0].name == main)
    of_tokens = f"token_{name}"
    return next((m.name for each in beside_main for m in each if m.name == of_tokens), name)


def metric_noun(name: str, token: str = ANY_TOKEN) -> str:
    """The name as a sentence takes it, one thing: `loss in nats per token`."""
    shown = metric_name(name, token)
    return f"loss in {shown}" if name == NATS_A_TOKEN.name else shown


def followed(*metrics: str, token: str = ANY_TOKEN) -> dict[str, str]:
    """The scores that are shown in the course of training, with their names as a person reads them.

    They are the loss and these metrics; one that is the loss itself gives the loss its name.
    """
    names = [name for name in metrics if name in ARE_THE_LOSS]
    others = [name for name in metrics if name not in (*names, "loss")]
    return {
        "loss": metric_name(names[0] if names else "loss", token),
        **{name: metric_name(name, token) for name in others},
    }
