"""The model: its layers drawn to scale, and what each costs."""

from dataclasses import replace

from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.formatting import percent
from rnnbuild.reports.blocks import Figure, Section, Side, TableBlock
from rnnbuild.reports.plots.layers import Drawn, parameters_plot, shapes_plot
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.wording.layer_names import kind_text
from rnnbuild.wording.summary import summary_table


def model_section(records: RunRecords) -> Section:
    cost = records.cost
    table = summary_table(records.resolved, cost)
    drawn = [drawn_layer(layer, cost) for layer in cost.layers]
    shapes = Figure(
        "shapes",
        "What each layer passes on",
        shapes_plot(drawn),
        table,
        "Steps down, features across, to scale.",
    )
    parameters = Figure(
        "parameters",
        "Where the parameters are",
        parameters_plot(drawn),
        table,
        "Bars are to scale.",
    )
    return Section(
        "model",
        "Model",
        (Side((shapes, parameters)), TableBlock(replace(table, title="layers"), "layers")),
    )


def drawn_layer(layer: LayerCost, cost: ModelCost) -> Drawn:
    share = f" ({percent(layer.parameters / cost.parameters)})" if layer.parameters else ""
    return Drawn(
        name=layer.name,
        kind=kind_text(layer.spec),
        share=share,
        steps=layer.output_steps or 1,
        features=layer.output_width,
        parameters=layer.parameters,
    )
