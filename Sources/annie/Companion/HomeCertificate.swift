import CRealtime
import Foundation
import Serving

/// The certificate for HTTPS that this machine makes for itself when it is reached from others and none was given.
///
/// Browsers open the microphone to secure pages only. They warn of a certificate that nobody vouches for, once.
enum HomeCertificate {
    /// Days it is good for: more than 398 are refused by some browsers.
    private static let days: Int32 = 397

    /// The files, made anew when they are missing, near their end, or for other names.
    ///
    /// - Throws: ``HomeCertificateError`` when they cannot be made or written.
    static func files(in folder: URL, host: String) throws -> TLSFiles {
        let certificate = folder.appending(path: "certificate.pem"), key = folder.appending(path: "key.pem")
        let names = alternativeNames(host: host)
        let record = folder.appending(path: "names.txt")
        let files = TLSFiles(certificate: certificate.path, key: key.path)
        if let known = try? String(contentsOf: record, encoding: .utf8), known == names, isFresh(certificate),
            FileManager.default.isReadableFile(atPath: key.path)
        {
            return files
        }
        var texts: (certificate: UnsafeMutablePointer<CChar>?, key: UnsafeMutablePointer<CChar>?)
        guard rt_self_signed_pem(names, days, &texts.certificate, &texts.key), let made = texts.certificate,
            let secret = texts.key
        else { throw HomeCertificateError(reason: "OpenSSL could not make it for \(names)") }
        defer {
            free(made)
            free(secret)
        }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // Who is stopped half-way leaves no record, so that a key is never taken for another certificate's.
            try? FileManager.default.removeItem(at: record)
            try write(String(cString: secret), to: key)
            try write(String(cString: made), to: certificate)
            try write(names, to: record)
        } catch {
            throw HomeCertificateError(reason: "\(folder.path) cannot be written: \(error.localizedDescription)")
        }
        return files
    }

    /// Names the page may be opened by: this machine's, and the address it listens on.
    private static func alternativeNames(host: String) -> String {
        var names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]
        let own = ProcessInfo.processInfo.hostName
        if !own.isEmpty, own != "localhost",
            own.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) })
        {
            names.append("DNS:\(own)")
        }
        for address in localAddresses() + [host] where !["0.0.0.0", "::"].contains(address) {
            let entry = isAddress(address) ? "IP:\(address)" : "DNS:\(address)"
            if !names.contains(entry) { names.append(entry) }
        }
        return names.joined(separator: ",")
    }

    private static func isAddress(_ text: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
    }

    /// The machine's IPv4 addresses; those of IPv6 change too often to stand in a certificate.
    static func localAddresses() -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        return sequence(first: list) { $0?.pointee.ifa_next }.prefix { $0 != nil }.compactMap { entry in
            guard let address = entry?.pointee.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET) else {
                return nil
            }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard getnameinfo(address, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
                return nil
            }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private static func isFresh(_ file: URL) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard let made = attributes?[.modificationDate] as? Date else { return false }
        return Date().timeIntervalSince(made) < Double(days - 30) * 86_400
    }

    private static func write(_ text: String, to file: URL) throws {
        try? FileManager.default.removeItem(at: file)
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw CocoaError(.fileWriteUnknown)
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.write(contentsOf: Data(text.utf8))
    }
}

/// Why there is no certificate.
struct HomeCertificateError: Error, CustomStringConvertible {
    let reason: String

    var description: String {
        "No certificate for HTTPS could be made (\(reason)). Give one with --tls-cert and --tls-key."
    }
}
