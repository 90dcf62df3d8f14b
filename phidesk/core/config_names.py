"""One set of names for the numbers in a config.json, which families of models call differently."""

from typing import Any

# GPT-2, GPT-J, GPT-BigCode and Falcon, Bloom, MPT and DBRX, ChatGLM, each as its own config.json.
_OTHER_NAMES = {
    "num_hidden_layers": ("n_layer", "n_layers", "num_layers"),
    "num_attention_heads": ("n_head", "n_heads", "num_heads"),
    "hidden_size": ("n_embd", "n_embed", "d_model"),
    "head_dim": ("kv_channels",),
    "num_key_value_heads": ("multi_query_group_num",),
    "intermediate_size": ("n_inner", "ffn_hidden_size"),
    "max_position_embeddings": ("n_positions", "max_seq_len", "seq_length"),
}


def with_usual_names(config: dict[str, Any]) -> dict[str, Any]:
    """Return a config.json with the names that most models use, where it has only others."""
    found = dict(config)
    for usual, others in _OTHER_NAMES.items():
        if found.get(usual) is None:
            found[usual] = next((n for n in map(config.get, others) if n is not None), None)
    if found.get("num_key_value_heads") is None and (heads := _shared_heads(config)):
        found["num_key_value_heads"] = heads
    return found


def _shared_heads(config: dict[str, Any]) -> object:
    """Return the number of KV heads where it is told in a way of its own; None where not."""
    attention = config.get("attn_config")
    if isinstance(attention, dict):
        return attention.get("kv_n_heads")
    if config.get("new_decoder_architecture"):
        return config.get("num_kv_heads")
    return 1 if config.get("multi_query") else None


def config_of_gguf(numbers: dict[str, int]) -> dict[str, Any]:
    """Return what a GGUF file's head says of the layers, in the words of a config.json.

    Where keys and values differ in width, the wider counts for both, as vLLM keeps them.
    """
    names = {
        "num_hidden_layers": "block_count",
        "num_attention_heads": "attention.head_count",
        "num_key_value_heads": "attention.head_count_kv",
        "hidden_size": "embedding_length",
    }
    found: dict[str, Any] = {name: numbers[key] for name, key in names.items() if key in numbers}
    widths = [numbers.get(f"attention.{part}_length", 0) for part in ("key", "value")]
    return found | ({"head_dim": max(widths)} if any(widths) else {})
