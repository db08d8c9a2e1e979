import Checkpoints
import Foundation
import JSON
import Testing

@Suite struct InspectorTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    private func inspect(_ change: (inout ModelBuilder) throws -> Void) throws -> Inspection {
        var builder = try ModelBuilder(copying: Fixtures.checkpoint("qwen3_5_tiny_nvfp4"))
        try change(&builder)
        return try Inspector(directory: try builder.write(to: directory.url.appending(path: "in"))).inspect()
    }

    private static let module = "model.layers.3.self_attn.q_proj"

    @Test func aModelOptCheckpointHasNoProblems() throws {
        let inspection = try Inspector(directory: Fixtures.checkpoint("qwen3_5_tiny_nvfp4")).inspect()
        #expect(inspection.problems == [] && inspection.warnings == [])
        #expect(inspection.tensors.count == 131)
        #expect(inspection.linears.filter { $0.format == "NVFP4" }.count == 25)
        let linear = try #require(inspection.linears.first { $0.name == "model.layers.0.mlp.up_proj" })
        #expect(linear.shape == [128, 64] && linear.bitsPerWeight > 4.5 && linear.bitsPerWeight < 4.51)
        #expect(inspection.parameterCount == 300_280)
        #expect(inspection.jsonValue["tensors"]?.array?.count == 131)
    }

    @Test func anUnquantisedCheckpointHasNoProblems() throws {
        let inspection = try Inspector(directory: Fixtures.model("qwen3_tiny")).inspect()
        #expect(inspection.problems == [] && inspection.warnings == [] && inspection.quantization == nil)
        #expect(inspection.parameterCount == 230_208 && inspection.bitsPerWeight == 32)
    }

    @Test func aMissingScaleIsAProblem() throws {
        #expect(
            try inspect { $0.remove(Self.module + ".input_scale") }.problems.contains {
                $0.contains("input_scale: missing")
            })
        #expect(
            try inspect { $0.remove(Self.module + ".weight_scale") }.problems.contains {
                $0.contains("weight_scale: not there")
            })
    }

    @Test func aNaNScaleIsAProblemThatNamesItsPlace() throws {
        let inspection = try inspect { $0.edit(Self.module + ".weight_scale") { $0[9] = 0x7F } }
        #expect(inspection.problems.contains { $0.contains("row 2, block 1 is NaN") })
    }

    @Test(arguments: [Float.nan, .infinity, 0, -1]) func aTensorScaleThatIsNoneIsAProblem(scale: Float) throws {
        let inspection = try inspect { $0.replace(Self.module + ".weight_scale_2", scalar: scale) }
        #expect(inspection.problems.contains { $0.contains("expected a finite scale above 0") })
    }

    @Test func wrongTypesAndShapesAreProblems() throws {
        let scales = Self.module + ".weight_scale"
        let bytes = [UInt8](repeating: 0x38, count: 256 * 4)
        #expect(
            try inspect { $0.replace(scales, .uint8, [256, 4], bytes) }.problems.contains {
                $0.contains("expected F8_E4M3")
            })
        #expect(
            try inspect { $0.replace(scales, .float8E4M3, [128, 8], bytes) }.problems.contains {
                $0.contains("expected [256, 4]")
            })
    }

    @Test func differingScalesInAFusedGroupWarn() throws {
        let inspection = try inspect { $0.replace(Self.module + ".weight_scale_2", scalar: 0.5) }
        #expect(inspection.warnings.contains { $0.contains("weight_scale_2 differs within q_proj, k_proj, v_proj") })
    }

    @Test func aPartlyQuantisedGroupIsAProblem() throws {
        let inspection = try inspect {
            for suffix in [".weight_scale", ".weight_scale_2", ".input_scale"] { $0.remove(Self.module + suffix) }
            $0.replace(Self.module + ".weight", .bfloat16, [256, 64], [UInt8](repeating: 0, count: 256 * 128))
        }
        #expect(inspection.problems.contains { $0.contains("only some are quantised") })
        #expect(inspection.problems.contains { $0.contains("not on the exclude list") })
    }

    @Test func aQuantisedModuleOnTheExcludeListIsAProblem() throws {
        let inspection = try inspect {
            var quantization = $0.configuration["quantization_config"]?.object ?? JSONObject()
            quantization["ignore"] = ["lm_head", .string(Self.module)]
            $0.configuration["quantization_config"] = .object(quantization)
        }
        #expect(inspection.problems.contains { $0.contains("is quantised, but on the exclude list") })
        #expect(inspection.problems.contains { $0.contains("only some are on the exclude list") })
        #expect(inspection.warnings.contains { $0.contains("not the same list") })
    }

    @Test(arguments: ["quant_algo", "group_size", "kv_cache_quant_algo", "exclude_modules"])
    func aKeyThatVLLMDemandsIsMissed(key: String) throws {
        let inspection = try inspect {
            var root = try JSONValue(parsing: $0.files["hf_quant_config.json"] ?? "").object ?? JSONObject()
            var quantization = root["quantization"]?.object ?? JSONObject()
            quantization[key] = nil
            root["quantization"] = .object(quantization)
            $0.files["hf_quant_config.json"] = JSONValue.object(root).text()
        }
        #expect(inspection.problems.contains { $0.contains("quantization.\(key) is missing") })
    }

    @Test func aMissingConfigurationOfQuantisedTensorsIsAProblem() throws {
        let inspection = try inspect {
            $0.configuration["quantization_config"] = nil
            $0.files = [:]
        }
        #expect(inspection.problems.contains { $0.contains("says how") })
    }

    @Test func aClaimWithoutQuantisedTensorsIsAProblem() throws {
        var builder = try ModelBuilder(copying: Fixtures.model("qwen3_tiny"))
        builder.configuration["quantization_config"] = ["quant_method": "modelopt", "quant_algo": "NVFP4"]
        let url = try builder.write(to: directory.url.appending(path: "in"))
        #expect(try Inspector(directory: url).inspect().problems.contains { $0.contains("no tensor is quantised") })
    }

    @Test func shapesThatContradictTheConfigurationAreProblems() throws {
        var builder = try ModelBuilder(copying: Fixtures.model("qwen3_tiny"))
        builder.configuration["intermediate_size"] = 256
        builder.remove("model.layers.1.self_attn.v_proj.weight")
        let url = try builder.write(to: directory.url.appending(path: "in"))
        let problems = try Inspector(directory: url).inspect().problems
        #expect(
            problems.contains {
                $0.contains("mlp.up_proj.weight: found shape [128, 64], config.json calls for [256, 64]")
            })
        #expect(problems.contains { $0.contains("v_proj.weight: missing") })
    }

    @Test func randomDamageOfConfigurationsNeverCrashes() throws {
        let source = Fixtures.checkpoint("qwen3_5_tiny_nvfp4")
        let builder = try ModelBuilder(copying: source)
        let url = try builder.write(to: directory.url.appending(path: "in"))
        var random = SeededGenerator(seed: 8)
        for name in ["config.json", "hf_quant_config.json"] {
            let original = Array(try Data(contentsOf: url.appending(path: name)))
            for _ in 0..<40 {
                var damaged = original
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(
                        in: 32...126, using: &random)
                }
                try Data(damaged).write(to: url.appending(path: name))
                _ = try Inspector(directory: url).inspect()
            }
            try Data(original).write(to: url.appending(path: name))
        }
    }
}
