"""A Keras script: arrays padded to the longest row, a masking Embedding, `fit` as it comes."""

import sys

import keras

from tests.benchmarks.contenders.protocol import Model, read, serve

CELLS = {
    "simple_rnn": keras.layers.SimpleRNN,
    "gru": keras.layers.GRU,
    "lstm": keras.layers.LSTM,
}


def compiled(model: Model) -> keras.Model:
    carries = model.carries_state
    recurrent = CELLS[model.cell](model.units, return_sequences=model.per_step, stateful=carries)
    built = keras.Sequential(
        [
            keras.Input((None,), model.batch_size if carries else None, dtype="int32"),
            keras.layers.Embedding(model.vocabulary, model.width, mask_zero=True),
            keras.layers.Bidirectional(recurrent) if model.bidirectional else recurrent,
            keras.layers.Dense(model.labels, activation="softmax"),
        ]
    )
    built.compile("adam", "sparse_categorical_crossentropy")
    return built


if __name__ == "__main__":
    piece = read(sys.argv[1])
    inputs, targets = piece.padded()
    model = piece.model
    if model.carries_state:
        inputs, targets = inputs[piece.lanes.ravel()], targets[piece.lanes.ravel()]
    network = compiled(model)
    serve(
        lambda: network.fit(
            inputs,
            targets,
            batch_size=model.batch_size,
            shuffle=not model.carries_state,
            verbose=0,
        )
    )
