"""Sunspots by year and carbon dioxide by week, as measured.

`tests/data/bundled/build_series.py` writes the files that are read here.
"""

from dataclasses import replace
from pathlib import Path

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.bundled.card import Card, Dataset
from rnnbuild.data.series.gaps import Gaps
from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.series import BundledSeries, Series
from rnnbuild.data.series.tables import FileForm, table_at

SUNSPOTS_FILE = Path(__file__).with_name("sunspots.csv.gz")
CO2_FILE = Path(__file__).with_name("co2.csv.gz")


def sunspots() -> BundledSeries:
    """309 years, 1700 to 2008; the last 60 are the test split."""
    return BundledSeries(_series_in(SUNSPOTS_FILE, "refuse"), SplitConfig(validation=40, test=60))


def co2() -> BundledSeries:
    """2,284 weeks, 1958 to 2001; 59 were not measured, and repeat the value before.

    The last eight years are the test split.
    """
    series = _series_in(CO2_FILE, "forward")
    return BundledSeries(series, SplitConfig(validation=208, test=416), gaps="forward")


def _series_in(file: Path, gaps: Gaps) -> Series:
    """The series of a bundled file, which is named without its folder."""
    return read_series([replace(table_at(file, FileForm()), source=file.name)], Reading(gaps=gaps))


SUNSPOTS = Dataset(
    Card(
        name="sunspots",
        task="forecast",
        level=None,
        title="the number of sunspots, year by year since 1700",
        rows=(209, 40, 60),
        origin=(
            "yearly means of the relative sunspot number, 1700 to 2008, from the National "
            "Geophysical Data Center (ngdc.noaa.gov), as bundled with the statsmodels package"
        ),
        licence="public domain",
        teaches=(
            "a cycle of about eleven years whose height and length vary: no fixed season fits it, "
            "and a linear autoregression already forecasts it well"
        ),
        best="not known: this was measured, not generated",
        reached=(
            "a year ahead, by a GRU on differences: RMSE 18.0 and 17.5 with two seeds; persistence "
            "32.9, a linear autoregression over 22 years 20.2"
        ),
        paper=(
            "Yule 1927, On a method of investigating periodicities in disturbed series, with "
            "special reference to Wolfer's sunspot numbers: the first autoregression"
        ),
    ),
    load=sunspots,
    sources=(SUNSPOTS_FILE,),
)

CO2 = Dataset(
    Card(
        name="co2",
        task="forecast",
        level=None,
        title="carbon dioxide in the air over Mauna Loa, week by week",
        rows=(1660, 208, 416),
        origin=(
            "weekly means in parts per million, March 1958 to December 2001, from Keeling and "
            "Whorf 2004 (Carbon Dioxide Information Analysis Center), as bundled with the "
            "statsmodels package; 59 weeks were not measured: they repeat the value before, and "
            "are never forecast"
        ),
        licence="public domain",
        teaches=(
            "trend and season: values in the test years are higher than any in training, so a "
            "network that reads them as they are fails, and one that reads differences does not"
        ),
        best="not known: this was measured, not generated",
        reached=(
            "13 weeks ahead, by a GRU on differences to the year before: RMSE 0.63 parts per "
            "million; the year before itself 1.91, no change of those differences 0.97, a linear "
            "autoregression over 52 weeks 0.66"
        ),
        paper="Keeling et al. 1976, Atmospheric carbon dioxide variations at Mauna Loa Observatory",
    ),
    load=co2,
    sources=(CO2_FILE,),
)
