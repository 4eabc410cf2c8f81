"""The best trial of a search beside the config as given, on seeds that no trial had.

The best of many validation scores is too good, by chance. So both are trained anew, and the test
split is opened for these two alone: a study of two variants, whose reference was named beforehand.
"""

from collections.abc import Sequence

from rnnbuild.config.load import checked
from rnnbuild.config.schema import Config
from rnnbuild.config.space import config_of_trial
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.runs.study.plan_file import Plan, PlannedVariant
from rnnbuild.studies.opening import NewStudy
from rnnbuild.studies.plan import AS_GIVEN, Planned, free_name, seeds_from, setting_value
from rnnbuild.studies.space import label_of_trial, settings_of, value_of


def best_config(base: Tree, best: Trial) -> Config:
    """The config of a trial, as a file of its own would have it."""
    return config_of_trial(base, settings_of(best.parameters))[0]


def confirming_study(plan: SearchPlan, base: Tree, best: Trial) -> NewStudy | None:
    """The study of the best trial and the config as given; None where they are the same.

    Raises ArgumentError where there are no seeds left beyond the config's own.
    """
    given, config = checked(base), best_config(base, best)
    if plain_values(given, defaults=True) == plain_values(config, defaults=True):
        return None
    label = label_of_trial(best.parameters)
    reference = PlannedVariant(name=free_name(AS_GIVEN, ()), label=AS_GIVEN, settings={})
    winner = PlannedVariant(
        name=free_name(label, (reference.name,)),
        label=label,
        settings={key: setting_value(value_of(item)) for key, item in best.parameters.items()},
    )
    return NewStudy(
        plan=Plan(
            name=plan.name,
            variants=(reference, winner),
            seeds=seeds_from(given.training.seed + 1, plan.confirming),
            reference=reference.name,
            seconds=plan.seconds,
            data_folder=plan.data_folder,
        ),
        variants=(Planned(reference, given), Planned(winner, config)),
        text=yaml_text(base.value),
        notes=(),
    )


def opened_before(search: SearchDirectory, best: Trial, trials: Sequence[Trial]) -> list[int]:
    """Other trials for which the test split was opened, when they were the best."""
    others = (trial.number for trial in trials if trial.number != best.number)
    return [number for number in others if search.confirmation(number).began]


def best_file_text(base: Tree, best: Trial) -> str:
    """best.yaml: the config of the best trial."""
    return yaml_text(plain_values(best_config(base, best), defaults=False))
