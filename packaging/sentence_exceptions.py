"""Strings of the lower layers that the window does not show as words, each group with its reason.

translate.py says when one of them is gone.
"""

SILENT_FILES = {
    "client/bench.py": "the command line alone measures",
    "client/scripted.py": "scripted workers of the tests",
    "core/bench.py": "the command line alone measures",
    "core/crash.py": "the report is for whoever mends phidesk",
    "core/hub_files.py": "patterns of file names",
    "core/inventory.py": "names of licences",
    "core/library/facts.py": "names of families of models",
    "core/number_formats.py": "keys of files",
    "core/origin.py": "a checksum's form",
    "core/prompts.py": "questions to models",
    "store/chats.py": "SQL",
    "store/migrations.py": "SQL",
    "store/rescue.py": "SQL",
    "store/rows.py": "SQL, and names of rows for the log",
    "store/search.py": "SQL",
    "worker/engines/fake.py": "a scripted engine of the tests",
    "worker/engines/template_child.py": "templates that are tried",
    "worker/engines/vllm_progress.py": "what vLLM logs",
    "worker/engines/vllm_setup.py": "the log's form",
    "worker/quantizers/progress.py": "what AutoRound logs",
}

SILENT_STRINGS = {
    # Names.
    *("AutoRound (SignRound)", "Hugging Face", "LM Studio", "chat writer"),
    *("bitsandbytes FP4", "bitsandbytes LLM.int8()", "bitsandbytes NF4", "git SHA-1"),
    *("phidesk chats", "{0} {1}-bit"),
    "torch {0}, {1} threads",
    # For the models.
    "You are a helpful assistant.",
    "Sum up the conversation below for the assistant who goes on with it. Keep names, figures, "
    "decisions, code that matters and open questions. Write only the summary, in the language of "
    "the conversation.",
    *("Be brief.", "How are you?", "What is the capital of France?"),
    "Summary of the conversation before this point:",
    # What is looked for in words of others.
    *("No such file", "chat template parsing error", "corrupted or incomplete", "disk quota"),
    *("divisible by tensor parallel size", "enforce fail at inline_container", "(os error {0})"),
    *("failed to allocate", "JSON schema", "no space left", "not enough memory"),
    *("unknown model architecture", "unknown model architecture:", "validation error"),
    *("out of memory", "not within the file bounds", "can't allocate memory", "hash mismatch"),
    *("Unterminated string", "WorkerProc initialization failed", "JSON is malformed:"),
}

SHORT = {
    "core/chat.py": ("temperature",),
    "core/preflight.py": (
        *("Source", "Recipe", "Engine", "Calibration", "Memory", "Disk", "Size"),
        *("symmetric", "asymmetric"),
    ),
    "core/sharegpt.py": ("nobody",),
    "worker/engines/llamacpp_replies.py": ("more",),
    "worker/hub/transfer.py": ("longer", "shorter"),
}
"""words that stand alone and are shown all the same"""

OF_OTHERS = {
    # The system, of a file or folder that cannot be used.
    *("Permission denied", "No such file or directory", "No space left on device"),
    *("Is a directory", "Not a directory", "Directory not empty", "File exists"),
    *("File name too long", "Read-only file system", "Input/output error", "Disk quota exceeded"),
    *("Operation not permitted", "Device or resource busy", "Too many open files"),
    "[Errno {0}] {1}",
    "[Errno {0}] {1}: '{2}'",
    # SQLite, of the chats.
    *("database disk image is malformed", "file is not a database", "disk I/O error"),
    *("database is locked", "attempt to write a readonly database", "database or disk is full"),
    "unable to open database file",
    # msgspec, of a file that was written by somebody else.
    *("Expected `{0}`, got `{1}`", "Object missing required field `{0}`", "{0} - at `{1}`"),
    *("Invalid enum value {0}", "Invalid value {0}", "Input data was truncated"),
}
"""reasons that come from below and are common enough to be translated"""
