from phidesk.core.library.apart import folders_apart
from phidesk.core.models import ModelFormat, ModelRef


def ref(path: str, name: str = "Q4") -> ModelRef:
    return ModelRef(name=name, path=path, format=ModelFormat.GGUF)


def test_only_equal_names_are_told_apart_and_with_no_more_than_that_takes() -> None:
    one, two = ref("/a/phi/Q4.gguf"), ref("/a/llama/Q4.gguf")
    assert folders_apart([one, two, ref("/a/other.gguf", "other")]) == {
        one.path: "phi",
        two.path: "llama",
    }
    nested = [ref("/a/phi/Q4.gguf"), ref("/b/phi/Q4.gguf")]
    assert list(folders_apart(nested).values()) == ["a/phi", "b/phi"]


def test_the_hub_s_cache_shows_the_repository_and_one_folder_the_file() -> None:
    cached = ref("/hub/models--org--phi/snapshots/0123456789/Q4.gguf")
    assert folders_apart([cached, ref("/a/Q4.gguf")])[cached.path] == "org/phi"
    renamed = [ref("/a/x.gguf", "mine"), ref("/a/y.gguf", "mine")]
    assert list(folders_apart(renamed).values()) == ["x.gguf", "y.gguf"]
