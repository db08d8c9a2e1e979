import Checkpoints
import Compute
import Foundation

/// The packed weights of a checkpoint in a file of their own, mapped where an earlier start left them.
///
/// Packing rearranges every byte of a checkpoint, which takes seconds for billions of weights. The file belongs to one
/// state of one checkpoint and one choice of formats; of another it is not used, and written anew. It is a convenience:
/// whatever goes wrong with it, the weights are packed from the checkpoint.
struct PackedWeights {
    /// Changes when the tiles' layout does.
    private static let version = "1"
    private static let alignment = 64
    private let file: SafetensorsFile

    /// The file's name and what must stand in it.
    struct Identity: Sendable {
        let url: URL
        let checkpoint: String
        let text: String

        /// Tells one state of a checkpoint from another by each file's size, time of change and header.
        init?(of checkpoint: Checkpoint, options: LoadingOptions, isQuantized: Bool, in directory: URL) {
            let place = checkpoint.directory.standardizedFileURL.resolvingSymlinksInPath().path
            var choice = ContentHash()
            choice.add("\(options.dataType) \(options.headFormat) \(isQuantized)")
            var name = ContentHash()
            name.add("\(place) \(choice.text)")
            var state = ContentHash()
            for file in checkpoint.files {
                var status = stat()
                guard stat(file.path, &status) == 0 else { return nil }
                #if os(Linux)
                let time = status.st_mtim
                #else
                let time = status.st_mtimespec
                #endif
                state.add("\(file.path) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)")
                file.withHeader { state.add($0) }
            }
            self.checkpoint = place
            url = directory.appending(path: "\(checkpoint.directory.lastPathComponent)-\(name.text).packed")
            text = "\(PackedWeights.version) \(choice.text) \(state.text)"
        }
    }

    /// The file of that identity; nil when there is none that can be used.
    init?(_ identity: Identity) {
        guard let file = try? SafetensorsFile(path: identity.url.path), file.metadata["identity"] == identity.text
        else { return nil }
        self.file = file
    }

    /// A layer as it was packed; nil when the file does not hold it in this form.
    func linear(_ layer: Linear, format: WeightFormat, biases: [[Float]]?, inputScale: Float) -> PackedLinear? {
        guard let packed = file.find(Self.name(layer.index)), let scales = file.find(Self.scales(layer.index)),
            file.metadata[Self.name(layer.index)] == "\(format)"
        else { return nil }
        return scales.withUnsafeBytes { stored in
            PackedLinear(
                rows: layer.parts.map(\.rows), columns: layer.columns, format: format, biases: biases,
                inputScale: inputScale, packed: packed.bytes,
                tileScales: UnsafeRawBufferPointer(
                    rebasing: stored.prefix(PackedLinear.scaleByteCount(rows: layer.parts.map(\.rows)))),
                owner: packed)
        }
    }

    /// Brings the file into memory on a thread of its own, so that the first tokens do not wait for it page by page.
    func populate() {
        let file = file
        Thread.detachNewThread { file.advise(.mapNow) }
    }

    // MARK: Writing

    /// Writes the file on a thread of its own; without room for it, or the right to, nothing is written.
    static func keep(_ linears: [PackedLinear], as identity: Identity) {
        let thread = Thread {
            let folder = identity.url.deletingLastPathComponent()
            guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil
            else {
                return
            }
            removeLeftovers(in: folder)
            let bytes = linears.reduce(0) { $0 + $1.byteCount }
            // The user's own files come first.
            guard let free = freeBytes(at: folder), free > 2 * bytes else { return }
            try? write(linears, as: identity)
        }
        thread.qualityOfService = .utility
        thread.start()
    }

    static func write(_ linears: [PackedLinear], as identity: Identity) throws {
        var tensors: [TensorDeclaration] = []
        var metadata = ["identity": identity.text, "checkpoint": identity.checkpoint]
        for (index, linear) in linears.enumerated() {
            tensors.append(TensorDeclaration(name(index), .uint8, [linear.byteCount]))
            tensors.append(TensorDeclaration(scales(index), .uint8, [padded(linear.scaleBytes.count)]))
            metadata[name(index)] = "\(linear.format)"
        }
        let writer = try SafetensorsWriter(
            url: identity.url, tensors: tensors, metadata: metadata, alignment: alignment)
        for (index, linear) in linears.enumerated() {
            try writer.append(linear.packedBytes, to: name(index))
            try writer.append(linear.scaleBytes, to: scales(index))
            let padding = padded(linear.scaleBytes.count) - linear.scaleBytes.count
            try writer.append([UInt8](repeating: 0, count: padding), to: scales(index))
        }
        try writer.finish()
    }

    /// Removes what a process that was killed had begun, and the files of checkpoints that are gone.
    private static func removeLeftovers(in folder: URL) {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        for file in files {
            if let range = file.lastPathComponent.range(of: ".packed.partial-") {
                let process = pid_t(file.lastPathComponent[range.upperBound...])
                if let process, kill(process, 0) != 0, errno == ESRCH { try? FileManager.default.removeItem(at: file) }
            } else if file.pathExtension == "packed", let packed = try? SafetensorsFile(path: file.path),
                let checkpoint = packed.metadata["checkpoint"], !FileManager.default.fileExists(atPath: checkpoint)
            {
                try? FileManager.default.removeItem(at: file)
            }
        }
    }

    private static func freeBytes(at folder: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    private static func name(_ index: Int) -> String { "linear.\(index)" }
    private static func scales(_ index: Int) -> String { "scales.\(index)" }
    private static func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
