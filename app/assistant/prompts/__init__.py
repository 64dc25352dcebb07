"""The prompts' texts, one file each; app/assistant/prompting.py renders them."""
