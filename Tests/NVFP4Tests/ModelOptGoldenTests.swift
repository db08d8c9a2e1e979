import Foundation
import NVFP4
import Testing

/// Bit for bit what NVIDIA ModelOpt 0.47 and compressed-tensors 0.20 compute.
@Suite struct ModelOptGoldenTests {
    static let sets = ["full", "body", "mid", "full_bf16", "mid_bf16", "tie", "stale"]

    @Test(arguments: sets) func quantisingGivesModelOptsBytes(set: String) throws {
        let golden = try GoldenTensors("nvfp4_vectors.safetensors")
        let values = try golden.floats("in.\(set)")
        let tensor = NVFP4Tensor(
            quantizing: values, rows: try golden.rows("in.\(set)"), columns: try golden.columns("in.\(set)"),
            tensorScale: try golden.scalar("mo.\(set).weight_scale_2"))
        #expect(tensor.scales == (try golden.bytes("mo.\(set).weight_scale_u8")))
        #expect(tensor.codes == (try golden.bytes("mo.\(set).packed")))
    }

    @Test(arguments: ["full", "body", "mid", "full_bf16", "mid_bf16"]) func theTensorScaleIsModelOpts(set: String)
        throws
    {
        let golden = try GoldenTensors("nvfp4_vectors.safetensors")
        let tensor = NVFP4Tensor(
            quantizing: try golden.floats("in.\(set)"), rows: try golden.rows("in.\(set)"),
            columns: try golden.columns("in.\(set)"))
        #expect(tensor.tensorScale == (try golden.scalar("mo.\(set).weight_scale_2")))
    }

    @Test(arguments: sets) func dequantisingGivesModelOptsValues(set: String) throws {
        let golden = try GoldenTensors("nvfp4_vectors.safetensors")
        let tensor = NVFP4Tensor(
            rows: try golden.rows("in.\(set)"), columns: try golden.columns("in.\(set)"),
            codes: try golden.bytes("mo.\(set).packed"), scales: try golden.bytes("mo.\(set).weight_scale"),
            tensorScale: try golden.scalar("mo.\(set).weight_scale_2"))
        let values = tensor.dequantized()
        #expect(sameBits(values, try golden.floats("mo.\(set).dequant_f32")))
        #expect(sameBits(values.map(roundedToBFloat16), try golden.floats("mo.\(set).dequant_bf16")))
    }

    @Test(arguments: ["full", "body", "mid", "full_bf16", "mid_bf16"])
    func compressedTensorsAreDequantisedAsTheyDoIt(set: String) throws {
        let golden = try GoldenTensors("nvfp4_vectors.safetensors")
        let global = try golden.scalar("ct.\(set).weight_global_scale")
        let values = NVFP4Reference.dequantize(
            codes: try golden.bytes("ct.\(set).weight_packed"), scales: try golden.bytes("ct.\(set).weight_scale"),
            keepsNegativeZero: true
        ) { $0 / global }
        #expect(sameBits(values.map(roundedToBFloat16), try golden.floats("ct.\(set).dequant")))
    }

    @Test func theE4M3TableIsTorchs() throws {
        let golden = try GoldenTensors("nvfp4_vectors.safetensors")
        let inputs = try golden.floats("e4m3.in")
        #expect(inputs.map { E4M3.encode(min($0, 448)) } == (try golden.bytes("e4m3.u8_noclampmin")))
        #expect(inputs.map { E4M3.encode(min(max($0, 0x1p-9), 448)) } == (try golden.bytes("e4m3.u8")))
    }

    @Test func everyE4M3ByteSurvivesARoundTrip() {
        for byte in UInt8.min...UInt8.max where byte & 0x7F != 0x7F {
            #expect(E4M3.encode(E4M3.decode(byte)) == byte)
        }
        #expect(E4M3.decode(0x7F).isNaN && E4M3.encode(.nan) & 0x7F == 0x7F)
        #expect(E4M3.encode(.infinity) == 0x7E && E4M3.encode(-1e9) == 0xFE)
    }

    @Test func aModelOptExportOfALayerIsReproduced() throws {
        try expectLayerReproduced(try GoldenTensors("modelopt_layer0_slices.safetensors"), wholeFeedForward: false)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["ANNIE_GOLDEN"] != nil))
    func aWholeModelOptExportOfALayerIsReproduced() throws {
        let directory = try #require(ProcessInfo.processInfo.environment["ANNIE_GOLDEN"])
        try expectLayerReproduced(
            GoldenTensors(path: directory + "/modelopt_layer0.safetensors"), wholeFeedForward: true)
    }

    /// Re-derives each linear of SmolLM2's first layer from its bf16 source; q, k, v and gate, up share a tensor scale.
    private func expectLayerReproduced(_ golden: GoldenTensors, wholeFeedForward: Bool) throws {
        let groups = [["q_proj", "k_proj", "v_proj"], ["o_proj"], ["gate_proj", "up_proj"], ["down_proj"]]
        for group in groups {
            let room = group[0].hasPrefix("q") || group[0].hasPrefix("o") ? "self_attn" : "mlp"
            let names = group.map { "model.layers.0.\(room).\($0)" }
            let values = try names.map { try golden.floats("src.\($0).weight") }
            let amax = values.joined().reduce(0) { max($0, $1.magnitude) }
            for (name, values) in zip(names, values) {
                let tensorScale = try golden.scalar("\(name).weight_scale_2")
                if wholeFeedForward || room == "self_attn" {
                    #expect(NVFP4Format.tensorScale(amax: amax) == tensorScale, "\(name)")
                }
                let tensor = NVFP4Tensor(
                    quantizing: values, rows: try golden.rows("src.\(name).weight"),
                    columns: try golden.columns("src.\(name).weight"), tensorScale: tensorScale)
                #expect(tensor.scales == (try golden.bytes("\(name).weight_scale")), "\(name)")
                #expect(tensor.codes == (try golden.bytes("\(name).weight")), "\(name)")
            }
        }
    }
}
