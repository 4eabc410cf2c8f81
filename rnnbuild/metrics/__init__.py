"""Scores from arrays, with intervals; differences of scores over seeds. NumPy, and SciPy's
distributions.

metric.py            what a metric is: statistics of an example, pooled, then a score
scoring.py           tables of statistics, merged from chunks, and the scores drawn from them
bootstrap.py         95 % intervals by resampling examples
shares.py            95 % intervals of shares of correct answers
dependence.py        95 % intervals of mean losses, of errors that follow one another too
unseen.py, ragged.py label numbers, and rows of differing length without padding
f1.py                precision, recall and F1 from counts; micro, macro and of one label
label_counts.py      those counts, of classes and of tags
classification.py    accuracy, balanced accuracy, macro F1, log loss
roc_auc.py           two classes, ranked
multi_label.py       several labels at once
tagging.py           one label a token
spans.py, entities.py  entity F1 by conlleval's definition
by_column.py         scores of a forecast's columns, each in its own unit
forecasting.py       MAE, MSE, RMSE, MASE
translation.py, bleu.py  exact match, token accuracy, BLEU
confusion.py         which label was taken for which
by_label.py, by_length.py, mistakes.py  where it goes wrong
seeds.py             the mean over seeds, with a t interval
paired.py            differences of two variants by seed, and the t test
holm.py              p values of several tests
equivalence.py       whether a difference is smaller than a margin
power.py             how many seeds would show a difference
tasks.py             which metrics a task has, and which is the main one
"""
