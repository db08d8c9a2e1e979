"""llama.cpp as the llama-cpp-python sdist brings it: fetched, built, and its 4-bit files made."""
import os
import pathlib
import re
import subprocess
import sys
import tarfile

SDIST = "llama-cpp-python==0.3.36"
FLAGS = ["-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", "-DBUILD_SHARED_LIBS=OFF", "-DLLAMA_OPENSSL=OFF",
         "-DLLAMA_BUILD_UI=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF", "-DLLAMA_BUILD_TESTS=OFF",
         "-DLLAMA_BUILD_EXAMPLES=OFF"]
TARGETS = ["llama-bench", "llama-quantize", "llama-server"]
LINEARS = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
# llama-quantize knows no NVFP4 or MXFP4 file type, but takes both tensor by tensor.
FORMATS = {
    "NVFP4": [*(f"--tensor-type {name}=nvfp4" for name in LINEARS), "Q8_0"],
    "MXFP4": [*(f"--tensor-type {name}=mxfp4" for name in LINEARS), "Q8_0"],
    "Q4_0": ["Q4_0"],
    "Q4_K_M": ["Q4_K_M"],
}


def binaries(cache):
    """The folder of llama-bench, llama-quantize and llama-server; built there first if absent (about 15 minutes)."""
    home = pathlib.Path(cache) / "llama.cpp"
    found = list(home.glob("llama_cpp_python-*/vendor/llama.cpp/build/bin/llama-bench"))
    if found:
        return found[0].parent
    home.mkdir(parents=True, exist_ok=True)
    print(f"Fetching {SDIST} …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-binary", "llama-cpp-python", "--no-deps",
                    "-d", home, SDIST], check=True)
    with tarfile.open(next(home.glob("*.tar.gz"))) as archive:
        archive.extractall(home, filter="data")
    source = next(home.glob("llama_cpp_python-*/vendor/llama.cpp"))
    print("Building llama.cpp (about 15 minutes on two cores) …", file=sys.stderr)
    subprocess.run(["cmake", "-S", source, "-B", source / "build", *FLAGS], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", source / "build", "-j", str(os.cpu_count()), "--target", *TARGETS],
                   check=True, stdout=subprocess.DEVNULL)
    return source / "build/bin"


def version(bin):
    """What the build says it is."""
    text = subprocess.run([bin / "llama-server", "--version"], capture_output=True, text=True)
    return re.sub(r"\s+", " ", (text.stdout + text.stderr).strip().splitlines()[0])


def quantized(bin, source, cache):
    """The files to compare with, by format: linears in 4 bits, embedding and head in Q8_0 where the format allows it."""
    folder = pathlib.Path(cache) / "llama.cpp" / "gguf"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, arguments in FORMATS.items():
        files[name] = folder / f"{source.stem}.{name}.gguf"
        if files[name].exists():
            continue
        *options, kind = arguments
        words = [word for option in options for word in option.split()]
        if words:
            words += ["--token-embedding-type", "q8_0"]
        partial = files[name].with_suffix(".partial")
        subprocess.run([bin / "llama-quantize", "--allow-requantize", *words, source, partial, kind], check=True,
                       capture_output=True)
        partial.rename(files[name])
    return files
