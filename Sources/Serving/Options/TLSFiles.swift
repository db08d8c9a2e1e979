import NIOSSL

/// Where the certificate and its private key are, as PEM files: vLLM's `--ssl-certfile` and `--ssl-keyfile`.
public struct TLSFiles: Sendable, Equatable {
    /// The certificate, followed by those that vouch for it.
    public var certificate: String
    /// The private key, without a passphrase.
    public var key: String

    /// Files at these paths.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// - Throws: ``TLSFileError``.
    func configuration() throws(TLSFileError) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw TLSFileError(path: certificate, expected: "certificates in PEM form", reason: "\(error)")
        }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: self.key, format: .pem) } catch {
            throw TLSFileError(
                path: self.key, expected: "a private key in PEM form, without a passphrase", reason: "\(error)")
        }
        return .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }
}

/// A certificate or key that cannot be used.
public struct TLSFileError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    let expected: String, reason: String

    /// What was found, what was expected, what to do.
    public var description: String {
        "\(path) cannot be used for HTTPS: it should hold \(expected) (\(reason)). Check --tls-cert and --tls-key."
    }
}
