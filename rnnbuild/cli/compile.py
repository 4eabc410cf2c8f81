"""`rnnbuild compile`."""

import typer

from rnnbuild.cli.options import examples

app = typer.Typer()


@app.command(name="compile", epilog=examples("rnnbuild compile"))
def compile_ahead() -> None:
    """Compile the kernels that train and predict, so that no later command has to.

    Otherwise the first command that needs a kernel compiles it. The code is saved in the cache, for
    this version of rnnbuild and this kind of CPU; a container's image can include it.
    """
    import time

    from rnnbuild.cache.misses import listening
    from rnnbuild.cache.place import why_not_cached, writable_folder
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.cli.output.screen import print_wrapped
    from rnnbuild.formatting import measured_text, plural
    from rnnbuild.models.loading import load_frameworks

    load_frameworks()
    from rnnbuild.models.kernels.compiled import KIND
    from rnnbuild.training.compilation import compile_kernels

    folder, started, compiled = writable_folder(KIND), time.perf_counter(), 0
    with progress(None, "compiling") as advance:

        def count(kind: str, name: str) -> None:
            nonlocal compiled
            compiled += 1
            advance(1)

        with listening(count):
            compile_kernels()
    if why_not_cached() is not None:
        raise typer.Exit(1)  # the reason is noted at the end of every command
    seconds = measured_text(round(time.perf_counter() - started, 1))
    done = f"compiled {plural(compiled, 'kernel')} in {seconds} s" if compiled else "nothing to do"
    print_wrapped([f"{done}: all kernels are in {folder}"])
