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


def train_metric_name(name: str, main: str) -> str:
    """The name of a training score, where the main metric is `main`: an accuracy is that of tokens
    where theirs is among the metrics."""
    of_tokens = f"token_{name}"
    return metric_name(of_tokens if is_beside(of_tokens, main) else name)


def is_beside(name: str, main: str) -> bool:
    """Whether a way of scoring has both metrics."""
    scored = [{metric.name for metric in metrics} for metrics in METRICS.values()]
    return any({name, main} <= names for names in scored)


def metric_noun(name: str) -> str:
    """The name as a sentence takes it, one thing: `loss in nats per token`."""
    return f"loss in {metric_name(name)}" if name == NATS_A_TOKEN.name else metric_name(name)


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
