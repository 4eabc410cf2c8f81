"""Hypothesis strategies for configs: every kind of layer, every key that shapes a model.

Each gives the plain values of a config that `rnnbuild.config.load.config_of` accepts.
"""

from typing import Any

from hypothesis import strategies as st

from rnnbuild.tasks.facts import DataFacts

Values = dict[str, Any]

ACTIVATIONS = ("tanh", "sigmoid", "relu", "linear", "gelu", "silu", "softplus", "elu")
UNITS = st.integers(1, 9)
POOLINGS = (None, "last", "mean", "max", "attention")
ACTIVITY = "activity_regularizer"
RATES = st.sampled_from((0.0, 0.1, 0.5))


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    """Any subset of some keys."""
    return st.fixed_dictionaries({}, optional=keys)


INITIALIZERS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(("zeros", "ones", "glorot_uniform", "he_normal", "lecun_uniform")),
    st.just({"name": "constant", "value": 0.3}),
    st.just({"name": "random_normal", "stddev": 0.2}),
    st.just({"name": "random_uniform", "minval": -0.2, "maxval": 0.4}),
    st.just({"name": "variance_scaling", "scale": 2.0, "mode": "fan_out"}),
)
REGULARIZERS: st.SearchStrategy[Any] = st.sampled_from(
    ("l1", "l2", {"name": "l2", "l2": 0.001}, {"name": "l1l2", "l1": 0.01, "l2": 0.02})
)
CONSTRAINTS: st.SearchStrategy[Any] = st.sampled_from(
    ("unit_norm", "non_neg", {"name": "max_norm", "max_value": 1.5}, "min_max_norm")
)


def decorations(*weights: str, kernel: bool = True) -> st.SearchStrategy[Values]:
    """Initialisers, regularisers and constraints of weights: they change no count."""
    matrix = st.one_of(INITIALIZERS, st.sampled_from(("orthogonal", "identity")))
    keys: dict[str, st.SearchStrategy[Any]] = {}
    for weight in weights:
        keys[f"{weight}_initializer"] = matrix if kernel and weight != "bias" else INITIALIZERS
        keys[f"{weight}_regularizer"] = REGULARIZERS
        keys[f"{weight}_constraint"] = CONSTRAINTS
    return optional(**keys)


def merged(*parts: st.SearchStrategy[Values]) -> st.SearchStrategy[Values]:
    """One mapping of several; keys that a switch of it makes idle are left out."""

    def joined(values: tuple[Values, ...]) -> Values:
        whole: Values = {}
        for part in values:
            whole |= part
        idle = [
            prefix
            for switch, prefix in (("use_bias", "bias"), ("center", "beta"), ("scale", "gamma"))
            if whole.get(switch) is False
        ]
        frozen = whole.get("trainable") is False
        bare = whole.get("kind") == "layer_normalization" and {"beta", "gamma"} <= {*idle}
        return {
            key: value
            for key, value in whole.items()
            if not any(key.startswith(f"{prefix}_") for prefix in idle)
            and not (key == "unit_forget_bias" and "bias" in idle)
            and not (key == "merge_mode" and not whole.get("bidirectional"))
            and not (bare and key == "trainable")
            and not (frozen and key == "momentum")
            and not (frozen and key.endswith(("_regularizer", "_constraint")) and key != ACTIVITY)
        }

    return st.tuples(*parts).map(joined)


def recurrent_layers() -> st.SearchStrategy[Values]:
    """A recurrent layer of any cell; `go_backwards`, which depends on its place, is left out."""
    activation = st.sampled_from(ACTIVATIONS)
    shared = merged(
        st.fixed_dictionaries({"units": UNITS}),
        optional(
            bidirectional=st.booleans(),
            merge_mode=st.sampled_from(("concat", "sum", "mul", "ave")),
            activation=activation,
            use_bias=st.booleans(),
            trainable=st.booleans(),
            dropout=RATES,
            recurrent_dropout=RATES,
        ),
        decorations("kernel", "recurrent", "bias"),
    )
    gated = {
        "recurrent_activation": st.sampled_from(("sigmoid", "hard_sigmoid", "tanh", "silu")),
        "activity_regularizer": REGULARIZERS,
    }
    own = st.one_of(
        st.just({"cell": "simple_rnn"}),
        merged(st.just({"cell": "gru"}), optional(reset_after=st.booleans(), **gated)),
        merged(st.just({"cell": "lstm"}), optional(unit_forget_bias=st.booleans(), **gated)),
    )
    return merged(own, shared)


def dense_arguments() -> st.SearchStrategy[Values]:
    return merged(
        st.fixed_dictionaries({"units": UNITS}),
        optional(
            activation=st.sampled_from(ACTIVATIONS),
            use_bias=st.booleans(),
            trainable=st.booleans(),
            activity_regularizer=REGULARIZERS,
        ),
        decorations("kernel", "bias"),
    )


def norm_arguments() -> st.SearchStrategy[Values]:
    return merged(
        optional(
            center=st.booleans(),
            scale=st.booleans(),
            trainable=st.booleans(),
            epsilon=st.just(0.01),
        ),
        decorations("beta", "gamma", kernel=False),
    )


def layers_between() -> st.SearchStrategy[Values]:
    """What may stand anywhere between recurrent layers."""
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("dropout"), "rate": RATES}),
        merged(st.just({"kind": "layer_normalization"}), norm_arguments()),
        merged(
            st.just({"kind": "batch_normalization"}),
            norm_arguments(),
            optional(momentum=st.just(0.9), moving_variance_initializer=st.just("zeros")),
        ),
        merged(st.just({"kind": "dense"}), dense_arguments()),
    )


SEQUENCE_DROPOUT = st.fixed_dictionaries(
    {"kind": st.sampled_from(("spatial_dropout", "step_dropout")), "rate": RATES}
)


@st.composite
def stacks(draw: st.DrawFn, sequence_ends: bool) -> list[Values]:
    """`model.layers`; `sequence_ends`: the last recurrent layer answers once, at its end."""
    layers: list[Values] = []
    for _ in range(draw(st.integers(1, 3))):
        layers += draw(st.lists(st.one_of(SEQUENCE_DROPOUT, layers_between()), max_size=1))
        layers.append(draw(recurrent_layers()))
    last = layers[-1]
    if sequence_ends and not last.get("bidirectional") and draw(st.booleans()):
        last["go_backwards"] = True
    after = layers_between() if sequence_ends else st.one_of(SEQUENCE_DROPOUT, layers_between())
    return layers + draw(st.lists(after, max_size=1))


@st.composite
def encoders_and_decoders(draw: st.DrawFn, with_data: bool) -> list[Values]:
    """`model.layers` of `translate`: a sequence that ends, the border, and one that does not."""
    border: Values = {"kind": "repeat_vector"}
    if not with_data:
        border["n"] = draw(st.integers(1, 5))
    return [
        *draw(stacks(sequence_ends=True)),
        border,
        *draw(stacks(sequence_ends=False)),
    ]


OPTIMIZERS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(("sgd", "rmsprop", "adam", "adamw", "nadam")),
    st.fixed_dictionaries({"name": st.just("sgd"), "momentum": st.sampled_from((0.0, 0.9))}),
    st.fixed_dictionaries(
        {
            "name": st.just("rmsprop"),
            "momentum": st.sampled_from((0.0, 0.9)),
            "centered": st.booleans(),
        }
    ),
    st.fixed_dictionaries({"name": st.sampled_from(("adam", "adamw")), "amsgrad": st.booleans()}),
)


@st.composite
def configs(draw: st.DrawFn, with_data: bool = False) -> Values:
    """A whole config: complete in itself, or (`with_data`) leaving its sizes to the data."""
    task = draw(st.sampled_from(("classify", "tag", "translate")))
    pooling = draw(st.sampled_from(POOLINGS)) if task == "classify" else None
    model: Values = {
        "embedding": draw(
            merged(
                st.fixed_dictionaries({"output_dim": UNITS}),
                optional(
                    dropout=RATES, trainable=st.booleans(), embeddings_initializer=INITIALIZERS
                ),
            )
        ),
        "layers": draw(
            encoders_and_decoders(with_data)
            if task == "translate"
            else stacks(sequence_ends=task == "classify" and pooling in (None, "last"))
        ),
        "head": draw(
            optional(
                hidden=st.lists(st.one_of(UNITS, dense_arguments()), min_size=1, max_size=2),
                use_bias=st.just(False),
            )
        ),
    }
    if pooling:
        model["pooling"] = pooling
    config: Values = {"name": "drawn", "task": task, "model": model}
    if draw(st.booleans()):
        config["training"] = {"optimizer": draw(OPTIMIZERS)}
    if not with_data:
        model["embedding"]["input_dim"] = draw(st.integers(2, 40))
        model["input_length"] = draw(st.integers(1, 6))
        model["head"]["units"] = draw(st.integers(1, 5))
    return config


@st.composite
def configs_and_facts(draw: st.DrawFn) -> tuple[Values, DataFacts]:
    """A config that leaves its sizes to the data, and facts of data that fit it."""
    config = draw(configs(with_data=True))
    translates = config["task"] == "translate"
    labels = 0 if translates else draw(st.integers(2, 6))
    facts = DataFacts(
        task=config["task"],
        labels=tuple(f"label {number}" for number in range(labels)),
        multi_label=config["task"] == "classify" and draw(st.booleans()),
        vocabulary_size=draw(st.integers(2, 40)),
        target_vocabulary_size=draw(st.integers(2, 9)) if translates else None,
        longest_target=draw(st.integers(1, 6)) if translates else None,
        longest=draw(st.integers(1, 6)),
        rows=(100, 10, 10),
    )
    return config, facts
