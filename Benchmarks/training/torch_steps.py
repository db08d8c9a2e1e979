"""The same training steps in PyTorch: `torch_steps.py MODEL MODE [steps]`, with a MODE of bf16 (bf16 weights), amp (fp32
weights, bf16 autocast), or amp-w4a4 / amp-w4a16 (with NVFP4 fake quantisation in plain operations, since no library has
it for a CPU). Prints one line of JSON. `paced` for the steps: a step for every line that it reads, answered with its
seconds, so that two programs can take turns."""
import json
import resource
import sys
import time

import torch
from torch import nn
from transformers import AutoModelForCausalLM

SEQUENCES, LENGTH = 4, 256
BOUNDS = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0])
LEVELS = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6])


def fake_quantized(x, amax):
    """NVFP4 and back, with the gradient passed straight through."""
    with torch.no_grad():
        scale = amax / 2688
        blocks = x.float().reshape(-1, 16)
        steps = (blocks.abs().amax(1, keepdim=True) / (6 * scale)).clamp(2 ** -9, 448)
        steps = steps.to(torch.float8_e4m3fn).float() * scale
        values = blocks / steps
        rounded = LEVELS[torch.bucketize(values.abs(), BOUNDS)] * values.sign() * steps
        rounded = rounded.reshape(x.shape).to(x.dtype)
    return x + (rounded - x).detach()


class QuantizedLinear(nn.Module):
    def __init__(self, linear, quantizes_inputs):
        super().__init__()
        self.linear, self.quantizes_inputs = linear, quantizes_inputs
        self.amax, self.input_amax = linear.weight.detach().abs().max().float(), None

    def forward(self, x):
        if self.quantizes_inputs:
            if self.input_amax is None:
                self.input_amax = x.detach().abs().max().float()
            x = fake_quantized(x, self.input_amax)
        return nn.functional.linear(x, fake_quantized(self.linear.weight, self.amax), self.linear.bias)


def quantize(module, quantizes_inputs):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, QuantizedLinear(child, quantizes_inputs))
        else:
            quantize(child, quantizes_inputs)


def timed_steps(model, optimizer, batches, autocasts, paced=False):
    """Seconds and loss of a training step with each batch."""
    seconds, losses = [], []
    for batch in batches:
        start = time.monotonic()
        with torch.autocast("cpu", torch.bfloat16, enabled=autocasts):
            loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.monotonic() - start)
        losses.append(loss.item())
        if paced:
            print(seconds[-1], flush=True)
    return seconds, losses


def main():
    path, mode = sys.argv[1:3]
    steps = sys.argv[3] if len(sys.argv) > 3 else "4"
    torch.set_num_threads(2)
    torch.manual_seed(0)
    dtype = torch.bfloat16 if mode == "bf16" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype).train()
    if "w4" in mode:
        quantize(model.model, "w4a4" in mode)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    tokens = torch.randint(0, model.config.vocab_size, (SEQUENCES, LENGTH))
    if steps == "paced":
        print("ready", flush=True)
    batch = {"input_ids": tokens, "labels": tokens}
    paced = steps == "paced"
    batches = (batch for _ in sys.stdin) if paced else [batch] * int(steps)
    seconds, losses = timed_steps(model, optimizer, batches, mode.startswith("amp"), paced)
    timed = sorted(seconds[1:] or seconds)
    median = timed[len(timed) // 2]
    print(json.dumps({"mode": mode, "tokens_per_second": SEQUENCES * LENGTH / median, "median_step": median,
                      "steps": seconds, "losses": losses,
                      "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
