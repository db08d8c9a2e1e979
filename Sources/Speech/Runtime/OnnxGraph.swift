import Foundation

/// A model file cut in two at one of its tensors, so that the halves can be run at different times.
///
/// The file is a protobuf message; what is not looked at is copied as it stands.
package struct OnnxGraph {
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
        static let node = 1, graphName = 2, initializer = 5, input = 11, output = 12
        static let nodeInput = 1, nodeOutput = 2, nodeName = 3, nodeOperation = 4
        static let tensorName = 8, valueName = 1
    }

    /// Reads a model file.
    ///
    /// - Throws: ``SpeechError/failed(_:)`` when it is none.
    package init(_ data: Data) throws(SpeechError) {
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
    package func firstInput(ofNodeNamed part: String, operation: String) -> String? {
        nodes.first { $0.operation == operation && $0.name.contains(part) }?.inputs.first
    }

    /// The names of the graph's inputs that no weight fills.
    package func inputNames() throws(SpeechError) -> [String] {
        let weights = Set(try names(Number.initializer, Number.tensorName))
        return try names(Number.input, Number.valueName).filter { !weights.contains($0) }
    }

    /// The part of the model that computes `tensor`, whose element type is float.
    package func upTo(_ tensor: String) throws(SpeechError) -> Data {
        try part(computing: [tensor], from: [], newOutput: tensor, newInput: nil)
    }

    /// The part of the model that computes the outputs from `tensor`.
    package func from(_ tensor: String) throws(SpeechError) -> Data {
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
        var cut: [Data] = zip(nodes, kept).compactMap { $1 ? $0.field.encoded : nil }
        for field in graph {
            switch field.number {
            case Number.initializer:
                if needed.contains(try name(of: field, Number.tensorName)) { cut.append(field.encoded) }
            case Number.input:
                if needed.contains(try name(of: field, Number.valueName)) { cut.append(try Self.withoutShape(field)) }
            case Number.output:
                if newOutput == nil { cut.append(field.encoded) }
            case Number.graphName: cut.append(field.encoded)
            // Nodes are there already, and shapes along the way are inferred again.
            default: continue
            }
        }
        if let newOutput { cut.append(Self.value(newOutput, number: Number.output)) }
        if let newInput { cut.append(Self.value(newInput, number: Number.input)) }
        return joined(cut)
    }

    /// The whole file with another graph. Weights are tens of megabytes, so they are copied once.
    private func joined(_ graph: [Data]) -> Data {
        let count = graph.reduce(0) { $0 + $1.count }
        let others = model.filter { $0.number != Number.modelGraph }.map(\.encoded)
        let head = ProtobufField.head(number: Number.modelGraph, count: count)
        var whole = Data(capacity: others.reduce(head.count + count) { $0 + $1.count })
        for piece in others + [head] + graph { whole.append(piece) }
        return whole
    }

    /// The declaration of an input without its shape.
    ///
    /// The library plans which tensors share memory by comparing shapes, each with all others; in a graph of thousands of
    /// nodes with unknown sizes that takes longer than all the rest of loading, and finds nothing.
    private static func withoutShape(_ input: ProtobufField) throws(SpeechError) -> Data {
        var content = Data()
        for field in try ProtobufField.all(in: input.payload) {
            guard field.number == 2,
                let tensor = try ProtobufField.all(in: field.payload).first(where: { $0.number == 1 })
            else {
                content.append(field.encoded)
                continue
            }
            let kept = try ProtobufField.all(in: tensor.payload).filter { $0.number == 1 }.map(\.encoded)
            content.append(
                ProtobufField.encode(ProtobufField.encode(Data(kept.joined()), number: 1), number: 2))
        }
        return ProtobufField.encode(content, number: Number.input)
    }

    /// The declaration of a float tensor.
    private static func value(_ name: String, number: Int) -> Data {
        let type = ProtobufField.encode(Data([0x08, 0x01]), number: 1)
        let content =
            ProtobufField.encode(Data(name.utf8), number: Number.valueName) + ProtobufField.encode(type, number: 2)
        return ProtobufField.encode(content, number: number)
    }
}
