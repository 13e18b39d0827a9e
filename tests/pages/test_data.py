"""The Data page without a browser: every source of data, uploads and their life and networks in files."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from nnviz import Network, datasets
from nnviz.datasets import mnist, uploads
from nnviz.datasets.generated import KINDS
from nnviz.errors import DatasetError
from nnviz.files import networks
from nnviz.ui import session_data, state
from nnviz.ui.data import upload_form
from tests.pages.conftest import ran, read

PAGE = "pages/1_Data.py"
TABS = ["Look at the data", "Choose or bring other data", "Save or load a network"]
FLOWERS = ("flowers.csv", b"species,petal,sepal\n" + b"iris,1.5,2\nrose,3,4.5\n" * 10, "text/csv")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_uploads: None) -> Iterator[Path]:
    """An empty folder for data sets, whatever this computer has."""
    monkeypatch.setenv(mnist.VARIABLE, str(tmp_path))
    monkeypatch.setattr(state, "SESSION_UPLOADS", session_data.SessionUploads())
    datasets.load_large.cache_clear()
    yield tmp_path
    datasets.load_large.cache_clear()


@pytest.fixture
def open_tab(open_page: Callable[..., AppTest]) -> Callable[..., AppTest]:
    def opened(tab: str, **params: str) -> AppTest:
        at = open_page(PAGE, **params)
        at.session_state["data_tab"] = tab
        return ran(at.run())

    return opened


def put_mnist(folder: Path) -> None:
    """Random numbers in MNIST's shape, as files."""
    rng = np.random.default_rng(0)
    (folder / "mnist").mkdir()
    images, labels = rng.integers(256, size=60_000 * 784, dtype=np.uint8), rng.integers(10, size=60_000, dtype=np.uint8)
    (folder / "mnist" / mnist.IMAGES).write_bytes(struct.pack(">HBBIII", 0, 8, 3, 60_000, 28, 28) + images.tobytes())
    (folder / "mnist" / mnist.LABELS).write_bytes(struct.pack(">HBBI", 0, 8, 1, 60_000) + labels.tobytes())


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]


def experiment(at: AppTest) -> object:
    return at.session_state["experiment"]


def texts(at: AppTest) -> str:
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.error, *at.warning, *at.info))


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["digits", "xor", "moons-c3", "spiral-n30-noise1-s5"])
def test_every_tab_opens_for_every_kind_of_data(open_tab: Callable, tab: str, name: str) -> None:
    at = open_tab(tab, dataset=name)
    assert not at.warning and not at.error


class TestChoosing:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_task_of_points_from_the_settings(self, open_page: Callable, kind: str) -> None:
        at = open_page("app.py")
        ran(at.selectbox(key="set_dataset").select(kind).run())
        assert experiment(at).dataset == kind

    def test_classes_noise_points_and_seed_are_in_the_link(self, open_page: Callable) -> None:
        at = open_page("app.py", dataset="moons")
        ran(at.get("button_group")[0].set_value(3).run())
        ran(at.slider(key="settings_noise").set_value(0.25).run())
        ran(at.number_input(key="settings_n").set_value(300).run())
        ran(at.number_input(key="settings_seed").set_value(7).run())
        assert at.query_params["dataset"] in ("moons-c3-n300-noise0.25-s7", ["moons-c3-n300-noise0.25-s7"])

    def test_a_task_from_the_page(self, open_tab: Callable) -> None:
        at = open_tab("Choose or bring other data")
        ran(next(g for g in at.get("button_group") if g.key == "task").select("circles").run())
        assert experiment(at).dataset == "circles"

    def test_points_are_drawn_by_class(self, open_tab: Callable) -> None:
        assert any("150 training points" in alt for alt in alts(open_tab(TABS[0], dataset="moons")))


class TestMnist:
    def test_chosen_without_files_it_can_be_downloaded_and_the_run_stays(self, open_page: Callable) -> None:
        at = open_page("app.py")
        ran(at.selectbox(key="set_dataset").select("mnist").run())
        assert experiment(at).dataset == "digits"
        assert at.button(key="fetch_settings").label == "Download 12 MB"

    def test_a_link_without_files_offers_the_download(self, open_page: Callable) -> None:
        at = open_page("app.py", dataset="mnist", step="7")
        assert "dataset mnist is not here" in read(at.warning[0].value)
        assert at.button(key="fetch_link")

    def test_the_download_shows_progress_and_then_follows_the_link(
        self, open_page: Callable, data_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def download(family: object, progress: Callable, *args: object) -> None:
            for share in (0, 5, 12):
                progress(share, 12)
            put_mnist(data_folder)

        monkeypatch.setattr(mnist, "download", download)
        at = open_page("app.py", dataset="mnist", step="7", hidden="12")
        ran(at.button(key="fetch_link").click().run())
        assert (experiment(at).dataset, experiment(at).hidden, at.session_state["position"].step) == ("mnist", (12,), 7)

    def test_a_failed_download_says_what_to_do(self, open_page: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
        def download(*args: object) -> None:
            raise DatasetError("no network: put the files there")

        monkeypatch.setattr(mnist, "download", download)
        at = open_page("app.py")
        ran(at.selectbox(key="set_dataset").select("mnist").run())
        ran(at.button(key="fetch_settings").click().run())
        assert "put the files there" in read(at.error[0].value)
        assert experiment(at).dataset == "digits"

    def test_files_that_are_there_are_used_at_once(self, open_page: Callable, data_folder: Path) -> None:
        put_mnist(data_folder)
        at = open_page("app.py")
        ran(at.selectbox(key="set_dataset").select("mnist").run())
        assert experiment(at).dataset == "mnist"

    def test_broken_files_are_reported(self, open_page: Callable, data_folder: Path) -> None:
        (data_folder / "mnist").mkdir()
        for name in (mnist.IMAGES, mnist.LABELS):
            (data_folder / "mnist" / name).write_bytes(b"broken")
        at = open_page("app.py")
        ran(at.selectbox(key="set_dataset").select("mnist").run())
        assert "is no IDX file" in read(at.error[0].value)

    def test_the_other_sets_say_where_their_files_go(self, open_tab: Callable, data_folder: Path) -> None:
        assert f"{data_folder / 'kmnist'}" in texts(open_tab("Choose or bring other data"))


def brought(at: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    at.file_uploader(key="own_files").set_value(list(files))
    return ran(at.run())


class TestOwn:
    def test_a_table_with_its_class_column(self, open_tab: Callable) -> None:
        at = brought(open_tab("Choose or bring other data"), FLOWERS)
        at.selectbox(key="own_label").select("species")
        ran(at.button(key="own_use").click().run())
        assert experiment(at).dataset.startswith("own-")
        assert experiment(at).data.classes == ("iris", "rose")

    def test_a_bad_table_is_refused_with_the_place(self, open_tab: Callable) -> None:
        at = brought(open_tab("Choose or bring other data"), ("bad.csv", b"a,y\n1,p\nx,q\n", "text/csv"))
        ran(at.button(key="own_use").click().run())
        assert read(at.error[0].value) == "row 3, column a: a number is needed, got x"
        assert experiment(at).dataset == "digits"

    def test_it_is_gone_some_time_after_its_session(self, open_tab: Callable) -> None:
        at = brought(open_tab("Choose or bring other data"), FLOWERS)
        at.selectbox(key="own_label").select("species")
        ran(at.button(key="own_use").click().run())
        name = experiment(at).dataset
        assert name in uploads.UPLOADS
        state.SESSION_UPLOADS.sweep(lambda session: False)
        assert name in uploads.UPLOADS  # it may come back
        now = state.SESSION_UPLOADS.clock()
        state.SESSION_UPLOADS.clock = lambda: now + session_data.GRACE + 1
        state.SESSION_UPLOADS.sweep(lambda session: False)
        assert name not in uploads.UPLOADS

    def test_what_it_replaces_is_gone(self, open_tab: Callable) -> None:
        at = brought(open_tab("Choose or bring other data"), FLOWERS)
        at.selectbox(key="own_label").select("species")
        ran(at.button(key="own_use").click().run())
        first = experiment(at).dataset
        at.session_state["data_tab"] = "Choose or bring other data"
        at.checkbox(key="own_standardise").check()
        ran(at.button(key="own_use").click().run())
        assert experiment(at).dataset != first
        assert first not in uploads.UPLOADS

    def test_two_sessions_upload_the_same_file_and_the_one_that_stays_keeps_it(self, open_tab: Callable) -> None:
        stays, leaves = (brought(open_tab("Choose or bring other data"), FLOWERS) for _ in range(2))
        for at in (stays, leaves):
            at.selectbox(key="own_label").select("species")
            ran(at.button(key="own_use").click().run())
        held = state.SESSION_UPLOADS
        held._entries[leaves.session_state["upload_key"]].session = "left"
        now = held.clock()
        held.clock = lambda: now + session_data.GRACE + 1
        assert held.sweep(lambda session: session != "left")
        for page in (
            "app.py",
            "pages/1_Data.py",
            "pages/2_Train.py",
            "pages/3_Compare.py",
            "pages/5_Gradient_check.py",
        ):
            ran(stays.switch_page(page).run())
            assert experiment(stays).data.classes == ("iris", "rose")

    def test_another_session_cannot_see_it(self, open_tab: Callable, open_page: Callable) -> None:
        at = brought(open_tab("Choose or bring other data"), FLOWERS)
        at.selectbox(key="own_label").select("species")
        ran(at.button(key="own_use").click().run())
        other = open_page("app.py", dataset=experiment(at).dataset)
        assert experiment(other).dataset == "digits"
        assert "an upload belongs to the session it was made in" in read(other.warning[0].value)


def png(levels: np.ndarray, mode: str = "L") -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels.astype(np.uint8)).convert(mode).save(file, "PNG")
    return file.getvalue()


class TestPictures:
    @pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
    def test_grey_levels_come_back(self, mode: str) -> None:
        levels = np.arange(64).reshape(8, 8) * 4
        assert np.array_equal(upload_form.decode(png(levels, mode)), levels)

    def test_dark_ink_on_light_paper_is_turned_round(self) -> None:
        assert np.array_equal(upload_form.decode(png(np.full((4, 4), 255)), inverted=True), np.zeros((4, 4)))

    def test_what_is_transparent_is_paper(self) -> None:
        file = io.BytesIO()
        Image.new("RGBA", (4, 4), (120, 120, 120, 0)).save(file, "PNG")
        assert not upload_form.decode(file.getvalue()).any()
        assert not upload_form.decode(file.getvalue(), inverted=True).any()

    def test_large_pictures_are_scaled(self) -> None:
        assert upload_form.decode(png(np.full((300, 200), 9))).shape == (28, 28)

    def test_a_picture_that_announces_billions_of_pixels_is_refused(self) -> None:
        data = bytearray(png(np.zeros((4, 4))))
        data[16:24] = struct.pack(">II", 60_000, 60_000)
        with pytest.raises(ValueError):
            upload_form.decode(bytes(data))

    @settings(max_examples=150, derandomize=True, deadline=None)
    @given(st.data())
    def test_a_damaged_picture_gives_levels_or_a_reason(self, data: st.DataObject) -> None:
        content = bytearray(png(np.arange(64).reshape(8, 8)))
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        try:
            assert upload_form.decode(bytes(content[: data.draw(st.integers(0, len(content)))])).ndim == 2
        except ValueError as error:
            assert "picture" in str(error) or "pixels" in str(error)

    def test_a_zip_becomes_the_runs_data(self, open_tab: Callable) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for i in range(6):
                archive.writestr(f"{'cat' if i % 2 else 'dog'}/{i}.png", png(np.full((5, 5), 40 * i)))
        at = brought(open_tab("Choose or bring other data"), ("pets.zip", file.getvalue(), "application/zip"))
        ran(at.button(key="own_use").click().run())
        assert (experiment(at).data.picture, experiment(at).data.classes) == ((5, 5), ("cat", "dog"))


class TestNetworks:
    def test_one_can_be_loaded_and_is_in_the_link(self, open_tab: Callable) -> None:
        network = Network([64, 12, 10], activation="tanh", seed=9)
        at = open_tab("Save or load a network", step="40")
        at.file_uploader(key="network_file").set_value(
            ("net.json", networks.to_json(network).encode(), "application/json")
        )
        ran(at.run())
        assert "64-12-10" in texts(at)
        ran(at.button(key="network_use").click().run())
        assert (experiment(at).hidden, experiment(at).activation) == ((12,), "tanh")
        assert at.session_state["position"].step == 0
        name = experiment(at).init
        assert name.startswith("file-") and at.query_params["init"] in (name, [name])

    def test_a_bad_one_is_refused(self, open_tab: Callable) -> None:
        at = open_tab("Save or load a network")
        at.file_uploader(key="network_file").set_value(("net.json", b'{"weights": []}', "application/json"))
        ran(at.run())
        assert "weights must be a list" in read(at.error[0].value)

    def test_other_hidden_layers_start_from_an_initializer_again(self, open_tab: Callable) -> None:
        at = open_tab("Save or load a network")
        network = Network([64, 12, 10])
        at.file_uploader(key="network_file").set_value(
            ("net.npz", networks.to_npz(network), "application/octet-stream")
        )
        ran(at.run())
        ran(at.button(key="network_use").click().run())
        ran(at.text_input(key="set_hidden").set_value("20").run())
        assert (experiment(at).hidden, experiment(at).init) == ((20,), "large")

    def test_a_link_to_one_that_is_not_kept_names_the_file(self, open_page: Callable) -> None:
        at = open_page("app.py", init="file-0123456789abcdef")
        assert "nnviz-0123456789abcdef.json" in read(at.warning[0].value)
