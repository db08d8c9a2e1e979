import Foundation

/// A model file cut in two at one of its tensors, so that the halves can be run at different times.
///
/// The file is a protobuf message; what is not looked at is copied as it stands.
struct OnnxGraph {
    private let model: [ProtobufField]
    private let graph: [ProtobufField]
    private let nodes: [Node]

    private struct Node {
        let field: ProtobufField
        let name: String
        let operation: String
        let inputs: [String]
        let outputs: [String]
    }

    /// Field numbers of ONNX's messages.
    private enum Number {
        static let modelGraph = 7
        static let node = 1, initializer = 5, input = 11, output = 12
        static let nodeInput = 1, nodeOutput = 2, nodeName = 3, nodeOperation = 4
        static let tensorName = 8, valueName = 1
    }

    /// Reads a model file.
    ///
    /// - Throws: ``SpeechError/failed(_:)`` when it is none.
    init(_ data: Data) throws(SpeechError) {
        model = try ProtobufField.all(in: data)
        guard let graph = model.first(where: { $0.number == Number.modelGraph }) else {
            throw .failed("the file is no ONNX model: it has no graph")
        }
        self.graph = try ProtobufField.all(in: graph.payload)
        var nodes: [Node] = []
        for field in self.graph where field.number == Number.node {
            let parts = try ProtobufField.all(in: field.payload)
            func texts(_ number: Int) -> [String] {
                parts.filter { $0.number == number }.map { String(decoding: $0.payload, as: UTF8.self) }
            }
            nodes.append(
                Node(
                    field: field, name: texts(Number.nodeName).first ?? "",
                    operation: texts(Number.nodeOperation).first ?? "", inputs: texts(Number.nodeInput),
                    outputs: texts(Number.nodeOutput)))
        }
        self.nodes = nodes
    }

    /// The first input of the node whose name contains `part` and whose operation is `operation`.
    func firstInput(ofNodeNamed part: String, operation: String) -> String? {
        nodes.first { $0.operation == operation && $0.name.contains(part) }?.inputs.first
    }

    /// The names of the graph's inputs that no weight fills.
    func inputNames() throws(SpeechError) -> [String] {
        let weights = Set(try names(Number.initializer, Number.tensorName))
        return try names(Number.input, Number.valueName).filter { !weights.contains($0) }
    }

    /// The part of the model that computes `tensor`, whose element type is float.
    func upTo(_ tensor: String) throws(SpeechError) -> Data {
        try part(computing: [tensor], from: [], newOutput: tensor, newInput: nil)
    }

    /// The part of the model that computes the outputs from `tensor`.
    func from(_ tensor: String) throws(SpeechError) -> Data {
        try part(
            computing: try names(Number.output, Number.valueName), from: [tensor], newOutput: nil, newInput: tensor)
    }

    private func names(_ number: Int, _ nameNumber: Int) throws(SpeechError) -> [String] {
        var names: [String] = []
        for field in graph where field.number == number { names.append(try name(of: field, nameNumber)) }
        return names
    }

    private func name(of field: ProtobufField, _ number: Int) throws(SpeechError) -> String {
        let parts = try ProtobufField.all(in: field.payload)
        return parts.first { $0.number == number }.map { String(decoding: $0.payload, as: UTF8.self) } ?? ""
    }

    private func part(
        computing targets: [String], from given: Set<String>, newOutput: String?, newInput: String?
    ) throws(SpeechError) -> Data {
        var needed = Set(targets)
        var kept = [Bool](repeating: false, count: nodes.count)
        // Nodes are sorted: what a node needs is computed before it.
        for (index, node) in nodes.enumerated().reversed() where !needed.isDisjoint(with: node.outputs) {
            kept[index] = true
            needed.formUnion(node.inputs.filter { !given.contains($0) })
        }
        var cut = Data()
        for (node, isKept) in zip(nodes, kept) where isKept { cut.append(node.field.encoded) }
        for field in graph {
            switch field.number {
            case Number.node: continue
            case Number.initializer:
                if needed.contains(try name(of: field, Number.tensorName)) { cut.append(field.encoded) }
            case Number.input:
                if needed.contains(try name(of: field, Number.valueName)) { cut.append(field.encoded) }
            case Number.output:
                if newOutput == nil { cut.append(field.encoded) }
            // Of the rest only the graph's name matters; shapes along the way are inferred again.
            case 2: cut.append(field.encoded)
            default: continue
            }
        }
        if let newOutput { cut.append(Self.value(newOutput, number: Number.output)) }
        if let newInput { cut.append(Self.value(newInput, number: Number.input)) }
        var whole = Data()
        for field in model {
            whole.append(
                field.number == Number.modelGraph
                    ? ProtobufField.encode(cut, number: Number.modelGraph) : field.encoded)
        }
        return whole
    }

    /// The declaration of a float tensor of any shape with three dimensions.
    private static func value(_ name: String, number: Int) -> Data {
        let dimension = { (name: String) in
            ProtobufField.encode(ProtobufField.encode(Data(name.utf8), number: 2), number: 1)
        }
        let shape = dimension("batch") + dimension("channels") + dimension("frames")
        let tensor = Data([0x08, 0x01]) + ProtobufField.encode(shape, number: 2)
        let type = ProtobufField.encode(tensor, number: 1)
        let content =
            ProtobufField.encode(Data(name.utf8), number: Number.valueName) + ProtobufField.encode(type, number: 2)
        return ProtobufField.encode(content, number: number)
    }
}
