// Times training steps on random tokens: `training-speed MODEL MODE [steps]`, with a MODE of fp32, bf16, w4a16, w4a4,
// each also with `-ckpt` (gradient checkpointing), `-lora` or `-qad`. Prints one line of JSON. `paced` for the steps: a
// step for every line that it reads, answered with its seconds, so that two programs can take turns.
import Foundation
import Training

struct Pseudorandom: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}

func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 } ?? 0
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    print("usage: training-speed MODEL MODE [steps]")
    exit(64)
}
let mode = arguments[2]
var options = TrainerOptions()
options.precision = mode.hasPrefix("fp32") ? .float32 : .bfloat16
options.checkpointsActivations = mode.contains("-ckpt")
options.optimizer.clipNorm = nil
if mode.contains("-lora") { options.lora = LoRAOptions() }
if mode.contains("-qad") { options.distillation = Distillation() }
if mode.contains("w4") {
    var fake = FakeQuantization()
    fake.quantizesInputs = mode.contains("w4a4")
    options.fakeQuantization = fake
}
let (sequences, length) = (4, 256)
let trainer = try Trainer(
    modelDirectory: URL(filePath: arguments[1]), options: options, threads: 2)
var generator = Pseudorandom()
let batch = TrainingBatch(
    segments: (0..<sequences).map { _ in
        TrainingBatch.Segment(
            tokens: (0..<length).map { _ in Int32.random(in: 0..<Int32(trainer.vocabularySize), using: &generator) },
            lossWeights: Array(repeating: 1, count: length))
    })
let isPaced = arguments.count > 3 && arguments[3] == "paced"
let steps = isPaced ? Int.max : arguments.count > 3 ? Int(arguments[3]) ?? 4 : 4
var seconds: [Double] = []
var losses: [Double] = []
func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
if isPaced { say("ready") }
while seconds.count < steps, !isPaced || readLine() != nil {
    let report = try trainer.step([batch])
    seconds.append(report.seconds)
    losses.append(report.loss)
    if isPaced { say("\(report.seconds)") }
}
let timed = (seconds.count > 1 ? seconds.dropFirst() : seconds[...]).sorted()
let median = timed[timed.count / 2]
print(
    """
    {"mode": "\(mode)", "tokens_per_second": \(Double(sequences * length) / median), "median_step": \(median), \
    "steps": \(seconds), "losses": \(losses), "peak_bytes": \(peakMemory())}
    """)
