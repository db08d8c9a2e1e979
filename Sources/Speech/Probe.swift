import Foundation

package enum Probe {
    package static func run(_ a: [String]) throws {
        let models = SpeechModels(directory: URL(filePath: a[1]))
        let clock = ContinuousClock()
        func t<T>(_ n: String, _ b: () throws -> T) rethrows -> T {
            let s = clock.now; let r = try b(); print(n, (clock.now - s) / .milliseconds(1)); return r
        }
        let rt = try t("runtime") { try OnnxRuntime(library: models.file("libonnxruntime.so", of: .library)) }
        print(rt.version)
        let m = try t("moonshine load") { try Moonshine(models, runtime: rt) }
        let v = try t("silero load") { try Silero(models, runtime: rt) }
        let st = try t("smart load") { try SmartTurn(models, runtime: rt) }
        let dd = try t("read") { try ModelFile.read(models.voice(named: nil), of: .voice) }
        let gg = try t("graph") { try OnnxGraph(dd) }
        let e1 = try t("enc") { try gg.upTo("/Mul_7_output_0") }
        let d1 = try t("dec") { try gg.from("/Mul_7_output_0") }
        _ = try t("enc load") { try OnnxSession(e1, runtime: rt, optimization: .none) }
        _ = try t("dec load") { try OnnxSession(d1, runtime: rt) }
        let p = try t("piper load") { try Piper(models, runtime: rt) }
        let wav = try Data(contentsOf: URL(filePath: a[2])).dropFirst(44)
        let s = wav.withUnsafeBytes { b in Array(b.bindMemory(to: Int16.self)).map { Float($0) / 32768 } }
        for _ in 0..<3 { print(try t("whole") { try m.transcribe(s, isCancelled: { false }) }) }
        for _ in 0..<3 { print(try t("3s") { try m.transcribe(Array(s[..<48000]), isCancelled: { false }) }) }
        print(try t("3s undrafted") { try m.transcribe(Array(s[1..<48000]), isCancelled: { false }) })
        for _ in 0..<3 { print(try t("turn") { try st.endOfTurnProbability(s) }) }
        for _ in 0..<2 { print(try t("turn 2s") { try st.endOfTurnProbability(Array(s[..<32000])) }) }
        var probs: [Float] = []
        try t("vad 300") {
            for i in 0..<300 { probs.append(try v.speechProbability(Array(s[i * 512..<i * 512 + 512]), stream: 1)) }
        }
        print(probs.map { $0 > 0.5 ? "#" : "." }.joined())
        for text in [
            "Sure, it is ready.", "Sure, it is ready.", "Can you read me the last message from my mother?",
            "Can you read me the last message from my mother?",
        ] {
            let s0 = clock.now
            let u = try p.begin(text, voice: VoiceSettings())
            var first: Double?; var all: [Int16] = []
            while let c = try u.next() {
                if !c.isEmpty, first == nil { first = (clock.now - s0) / .milliseconds(1) }; all += c
            }
            print(
                text, "first", first ?? -1, "total", (clock.now - s0) / .milliseconds(1), "audio",
                Double(all.count) / 24000)
            let lead = all.firstIndex { abs(Int($0)) > 300 } ?? -1
            let tail = all.count - (all.lastIndex { abs(Int($0)) > 300 } ?? 0)
            print("lead ms", lead / 24, "tail ms", tail / 24)
            print(
                try m.transcribe(
                    Resampler.resample(all.map { Float($0) / 32768 }, from: 24000, to: 16000), isCancelled: { false }))
        }
        print(
            try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n").filter {
                $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM")
            })
    }

    package static func worker(_ a: [String]) async throws {
        let models = SpeechModels(directory: URL(filePath: a[1]))
        let clock = ContinuousClock()
        func t<T>(_ n: String, _ b: () async throws -> T) async rethrows -> T {
            let s = clock.now; let r = try await b(); print(n, (clock.now - s) / .milliseconds(1)); return r
        }
        let wav = try Data(contentsOf: URL(filePath: a[2])).dropFirst(44)
        let s = wav.withUnsafeBytes { b in Array(b.bindMemory(to: Int16.self)).map { Float($0) / 32768 } }
        let w = SpeechWorker(models: models)
        let d = try await t("vad ready") { try await w.makeVoiceActivityDetector() }
        print(try await t("hear ready") { try await w.transcribe(Array(s[..<48000])) })
        print(try await t("parts") { try await w.unusableParts() })
        for i in 1..<6 { print(try await t("hear 3s") { try await w.transcribe(Array(s[i..<48000 + i])) }) }
        for i in 1..<6 {
            print(try await t("hear 3s growing") { try await w.transcribe(Array(s[16000..<(16000 + i * 16000)])) })
        }
        func vad(_ n: String) async throws {
            var times: [Double] = []
            for i in 0..<300 {
                let s0 = clock.now; _ = try await d.speechProbability(Array(s[i * 512..<i * 512 + 512]));
                times.append((clock.now - s0) / .microseconds(1)); try await Task.sleep(for: .milliseconds(2))
            }
            times.sort(); print(n, "vad us median", times[150], "p95", times[285], "max", times[299])
        }
        try await vad("idle")
        async let busy: Void = { for _ in 0..<10 { _ = try await w.transcribe(s) } }()
        try await vad("busy")
        try await busy
        for text in [
            "Sure, it is ready.", "Let me see now.", "Sure, it is ready.",
            "Can you read me the last message from my mother?", "Can you read me the last message from my mother?",
            "Can you read me the last message from my mother?",
        ] {
            let s0 = clock.now
            var first: Double?; var n = 0
            for try await c in w.synthesize(text, voice: VoiceSettings()) {
                if first == nil { first = (clock.now - s0) / .milliseconds(1) }; n += c.count
            }
            print(text, "first", first ?? -1, "total", (clock.now - s0) / .milliseconds(1), Double(n) / 24000)
        }
        for _ in 0..<3 {
            var killed = clock.now
            do {
                var n = 0
                for try await _ in w.synthesize(
                    "Can you read me the last message from my mother? And then I will tell you a very long story about a fox.",
                    voice: VoiceSettings())
                { n += 1; if n == 2 { killed = clock.now; kill(w.processIdentifier!, SIGKILL) } }
                print("finished?!")
            } catch { print("error", error, (clock.now - killed) / .milliseconds(1)) }
            print(
                try await w.transcribe(Array(s[7..<48000])), "heard after kill ms",
                (clock.now - killed) / .milliseconds(1))
            for try await _ in w.synthesize("Back again.", voice: VoiceSettings()) {
                print("spoken after kill ms", (clock.now - killed) / .milliseconds(1)); break
            }
            _ = try await w.unusableParts()
            print("all", (clock.now - killed) / .milliseconds(1))
        }
        print(
            try String(contentsOfFile: "/proc/\(w.processIdentifier!)/status", encoding: .utf8).split(separator: "\n")
                .filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") || $0.hasPrefix("Rss") })
    }
}
