"""Full fine-tuning on conversations as it is usually written: `torch_conversations.py MODEL DATA TEMPLATE MODE [steps]`,
with a MODE of bf16 (bf16 weights) or amp (fp32 weights, bf16 autocast). Batches of four, drawn at random and padded to
their longest; loss on what the assistant says. Prints one line of JSON."""
import json
import random
import resource
import statistics
import sys

import torch
from torch_steps import timed_steps
from transformers import AutoModelForCausalLM, AutoTokenizer

CONVERSATIONS, IGNORED = 4, -100


def encoded(path, template, tokenizer):
    """Tokens and labels of every conversation."""
    tokenizer.chat_template = open(template).read()
    start = tokenizer.encode("<|im_start|>assistant\n", add_special_tokens=False)
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    for line in open(path):
        sample = json.loads(line)
        text = tokenizer.apply_chat_template(sample["messages"], tools=sample.get("tools"), tokenize=False)
        tokens = tokenizer.encode(text, add_special_tokens=False)
        labels, index = [IGNORED] * len(tokens), 0
        while index < len(tokens):
            if tokens[index:index + len(start)] == start:
                index += len(start)
                after = tokens.index(end, index) + 1
                labels[index:after] = tokens[index:after]
                index = after
            else:
                index += 1
        yield tokens, labels


def padded(conversations, pad):
    longest = max(len(tokens) for tokens, _ in conversations)

    def rows(lists, filling):
        return torch.tensor([row + [filling] * (longest - len(row)) for row in lists])

    tokens = [tokens for tokens, _ in conversations]
    return {"input_ids": rows(tokens, pad), "labels": rows([labels for _, labels in conversations], IGNORED),
            "attention_mask": rows([[1] * len(row) for row in tokens], 0)}


def main():
    model_path, data, template, mode = sys.argv[1:5]
    steps = int(sys.argv[5]) if len(sys.argv) > 5 else 4
    torch.set_num_threads(2)
    tokenizer = AutoTokenizer.from_pretrained(model_path)
    conversations = list(encoded(data, template, tokenizer))
    random.Random(0).shuffle(conversations)
    groups = [conversations[index:index + CONVERSATIONS] for index in range(0, len(conversations), CONVERSATIONS)]
    width = statistics.mean(max(len(tokens) for tokens, _ in group) for group in groups)
    model = AutoModelForCausalLM.from_pretrained(
        model_path, dtype=torch.bfloat16 if mode == "bf16" else torch.float32).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    batches = [padded(group, tokenizer.pad_token_id) for group in groups[:steps]]
    seconds, losses = timed_steps(model, optimizer, batches, mode == "amp")
    # The first step pays for what is made once. An epoch's batches are as wide as all of them, not as the few timed.
    rate = statistics.median(batch["input_ids"].numel() / time for batch, time in list(zip(batches, seconds))[1:])
    print(json.dumps({
        "conversations_per_second": rate / width, "tokens_per_second": rate,
        "tokens": sum(len(tokens) for tokens, _ in conversations), "padded_tokens": round(width * len(conversations)),
        "learned_tokens": sum(label != IGNORED for _, labels in conversations for label in labels),
        "conversations": len(conversations), "steps": seconds, "losses": losses,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
