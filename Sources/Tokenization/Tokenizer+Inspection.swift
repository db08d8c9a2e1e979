/// Single stages of encoding, for tests.
extension Tokenizer {
    /// The pretokens of a text that holds no added tokens.
    package func pretokens(of text: String) -> [String] {
        var text = normalizers.reduce(text) { $1.normalize($0) }
        var pretokens: [String] = []
        text.withUTF8 { bytes in
            pretokenizer.forEachPretoken(of: bytes) { pretokens.append(String(decoding: $0, as: UTF8.self)) }
        }
        return pretokens
    }

    /// The tokens of one pretoken of any bytes, merged with the heap or by the plain scan.
    package func merge(_ pretoken: [UInt8], usingHeap: Bool) -> [Int32] {
        var merger = BytePairMerger()
        var output: [Int32] = []
        pretoken.withUnsafeBufferPointer {
            merger.encode($0, with: model, into: &output, scanLimit: usingHeap ? 0 : .max)
        }
        return output
    }
}
