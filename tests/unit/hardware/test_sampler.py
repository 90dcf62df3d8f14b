"""What the driver says of GPUs, programs and capability, with a scripted driver."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from phidesk.core.machine import GpuProcess
from phidesk.core.models import Device
from phidesk.hardware import machine as machine_module
from phidesk.hardware import sampler as sampler_module
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import GpuSample, HardwareSampler, Sample

GB = 10**9


class DriverError(Exception):
    pass


class Driver:
    """Stands for pynvml. refuses: the questions that it does not answer."""

    NVMLError = DriverError

    def __init__(
        self,
        cards: int = 1,
        *,
        compute: dict[int, int | None] | None = None,
        graphics: dict[int, int | None] | None = None,
        name: str | bytes = "NVIDIA H100",
        refuses: tuple[str, ...] = (),
    ) -> None:
        self._cards = cards
        self._compute = compute or {}
        self._graphics = graphics or {}
        self._name = name
        self._refuses = refuses

    def _answer(self, question: str, answer: Any) -> Any:
        if question in self._refuses:
            raise DriverError(question)
        return answer

    def nvmlDeviceGetCount(self) -> int:
        return int(self._answer("count", self._cards))

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetUUID(self, handle: int) -> str:
        return f"GPU-{handle}a2b"

    def nvmlDeviceGetMemoryInfo(self, _handle: int) -> Any:
        return SimpleNamespace(total=80 * GB, used=30 * GB)

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:
        return self._name if isinstance(self._name, bytes) else self._name.format(handle)

    def nvmlDeviceGetComputeRunningProcesses(self, _handle: int) -> list[Any]:
        return list(self._answer("compute", self._programs(self._compute)))

    def nvmlDeviceGetGraphicsRunningProcesses(self, _handle: int) -> list[Any]:
        return list(self._answer("graphics", self._programs(self._graphics)))

    def nvmlDeviceGetUtilizationRates(self, _handle: int) -> Any:
        return self._answer("busy", SimpleNamespace(gpu=42))

    def nvmlDeviceGetCudaComputeCapability(self, _handle: int) -> tuple[int, int]:
        return tuple(self._answer("capability", (9, 0)))

    @staticmethod
    def _programs(held: dict[int, int | None]) -> list[Any]:
        return [SimpleNamespace(pid=pid, usedGpuMemory=size) for pid, size in held.items()]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Any:
    """use(driver) -> the sample of a worker that is this very process."""

    def sample(driver: Driver | None) -> Sample:
        monkeypatch.setattr(sampler_module, "_start_nvml", lambda: driver)
        names = {7: "blender", 8: "python3"}
        monkeypatch.setattr(sampler_module, "_name_of", lambda pid: names.get(pid, str(pid)))
        return HardwareSampler().sample(os.getpid())

    return sample


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("1", ["1"]),
        ("2, 0", ["2", "0"]),
        ("GPU-1a2b,GPU-2", ["1", "2"]),
        ("GPU-", []),
        ("0,7,1", ["0"]),
        ("0,0,1", ["0"]),
        ("-1", []),
        ("", []),
        ("MIG-1a2b", ["0", "1", "2"]),
    ],
)
def test_only_what_cuda_shows_is_there(
    use: Any, monkeypatch: pytest.MonkeyPatch, setting: str, names: list[str]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", setting)
    assert [gpu.name for gpu in use(Driver(3, name="{}")).gpus] == names


def test_memory_is_told_apart_by_who_holds_it(use: Any) -> None:
    (gpu,) = use(Driver(compute={os.getpid(): 9 * GB, 7: 2 * GB, 8: 5 * GB})).gpus
    assert gpu.name == "NVIDIA H100"
    assert (gpu.total_bytes, gpu.used_bytes, gpu.ours_bytes) == (80 * GB, 30 * GB, 9 * GB)
    assert gpu.others == (
        GpuProcess(pid=7, name="blender", bytes=2 * GB),
        GpuProcess(pid=8, name="python3", bytes=5 * GB),
    )
    assert gpu.capability == (9, 0)
    assert gpu.busy_percent == 42.0


def test_a_program_that_computes_and_draws_is_counted_once(use: Any) -> None:
    (gpu,) = use(Driver(compute={7: 2 * GB}, graphics={7: 2 * GB, 8: GB})).gpus
    assert [(p.name, p.bytes) for p in gpu.others] == [("blender", 2 * GB), ("python3", GB)]


def test_programs_whose_memory_the_driver_hides_are_left_out(use: Any) -> None:
    (gpu,) = use(Driver(compute={os.getpid(): None, 7: None})).gpus
    assert gpu.ours_bytes == 0
    assert gpu.others == ()


def test_a_name_may_come_as_bytes(use: Any) -> None:
    (gpu,) = use(Driver(name=b"Tesla T4")).gpus
    assert gpu.name == "Tesla T4"


@pytest.mark.parametrize("question", ["compute", "graphics", "busy", "capability"])
def test_a_question_without_an_answer_spoils_no_other(use: Any, question: str) -> None:
    driver = Driver(compute={7: 2 * GB}, graphics={8: GB}, refuses=(question,))
    (gpu,) = use(driver).gpus
    assert [p.pid for p in gpu.others] == [
        pid for pid, where in ((7, "compute"), (8, "graphics")) if where != question
    ]
    assert gpu.busy_percent == (0.0 if question == "busy" else 42.0)
    assert gpu.capability == ((0, 0) if question == "capability" else (9, 0))


@pytest.mark.parametrize("driver", [None, Driver(refuses=("count",)), Driver(0)])
def test_without_an_answer_of_the_driver_there_is_no_gpu(use: Any, driver: Driver | None) -> None:
    found = use(driver)
    assert found.gpus == ()
    assert found.worker_bytes > 10e6
    assert 0 < found.ram_used_bytes < found.ram_total_bytes


def test_a_program_without_a_name_here_is_told_by_its_number() -> None:
    assert sampler_module._name_of(2**22 + 5) == str(2**22 + 5)
    assert sampler_module._name_of(os.getpid()) != str(os.getpid())


class TestMachineOf:
    SAMPLE = Sample(
        ram_total_bytes=64 * GB,
        ram_used_bytes=24 * GB,
        cpu_percent=0.0,
        worker_bytes=0,
        gpus=tuple(
            GpuSample(
                name=name,
                total_bytes=24 * GB,
                used_bytes=4 * GB,
                ours_bytes=0,
                busy_percent=0.0,
                capability=(8, 9),
            )
            for name in ("RTX 4090", "RTX 4090", "GT 1030")
        ),
    )

    def test_the_first_gpu_and_its_like_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine_module, "missing", lambda _modules: ())
        machine = machine_of(self.SAMPLE)
        assert (machine.device, machine.gpu_name) == (Device.CUDA, "RTX 4090")
        assert (machine.gpus, machine.capability) == (2, (8, 9))
        assert (machine.vram_free, machine.vram_total) == (20 * GB, 24 * GB)
        assert (machine.ram_free, machine.ram_total) == (40 * GB, 64 * GB)

    def test_without_torch_nothing_computes_on_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine_module, "missing", lambda modules: modules)
        machine = machine_of(self.SAMPLE)
        assert machine.device is Device.CPU
        assert machine.gpus == 0
