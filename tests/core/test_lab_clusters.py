"""The same figures wherever they are played: this machine, a Dask cluster, or nowhere yet."""

import json
import sys

import pytest
from click.testing import CliRunner

from giliran.cli import clusters
from giliran.cli.simulate import simulate

NETWORK = ("network", "--days", "4", "--replications", "3", "--people", "0.3", "--json")
ALONE = (*NETWORK, "--cores", "1")
OFFICE = ("office", "--days", "2", "--replications", "5", "--json")


def told(*words):
    return CliRunner().invoke(simulate, words)


@pytest.fixture(scope="module")
def dask():
    """A real scheduler and worker, reached over a port as a cluster elsewhere would be."""
    import distributed

    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        dashboard_address=None,
        silence_logs=True,
    ) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.mark.parametrize("words", [OFFICE, ALONE])
def test_a_dask_cluster_gives_the_figures_of_this_machine_bit_for_bit(dask, words):
    there = told(*words, "--on", dask)

    assert there.exit_code == 0, there.output
    assert json.loads(there.output) == json.loads(told(*words).output)


def test_a_network_is_the_same_on_one_core_and_on_two():
    assert told(*NETWORK, "--cores", "2").output == told(*ALONE).output


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    import distributed

    def nobody(*words, **named):
        raise OSError("Timed out trying to connect")

    monkeypatch.setattr(distributed, "Client", nobody)
    result = told(*OFFICE, "--on", "dask://127.0.0.1:1")

    assert result.exit_code == 1
    assert "No Dask scheduler answers at 127.0.0.1:1" in result.output


@pytest.mark.parametrize(
    ("on", "module", "install"),
    [
        ("ray", "ray", "pip install 'ray[client]'"),
        ("ray://10.0.0.1:10001", "ray", "pip install 'ray[client]'"),
        ("dask://10.0.0.1:8786", "distributed", "pip install 'dask[distributed]'"),
    ],
)
def test_a_library_that_is_not_installed_is_named_with_what_to_install(
    monkeypatch, on, module, install
):
    monkeypatch.setitem(sys.modules, module, None)
    result = told(*OFFICE, "--on", on)

    assert result.exit_code == 1
    assert install in result.output


@pytest.mark.parametrize("on", [None, "dask://a:1"])
@pytest.mark.parametrize(("replications", "cores"), [(1, 1), (7, 2), (50, 4), (1000, 3)])
def test_every_replication_is_in_one_part(on, replications, cores):
    cut = clusters.parts(replications, on=on, cores=cores)

    played = [first + one for first, many in cut for one in range(many)]
    assert played == list(range(replications))
