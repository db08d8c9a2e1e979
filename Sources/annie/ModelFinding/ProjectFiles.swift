import Foundation

/// Files that come with the program: the persona and what she was taught.
enum ProjectFiles {
    /// A file or folder of the project, looked for above the program and where it was started; nil where it is not.
    static func url(_ path: String) -> URL? {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = program.deletingLastPathComponent()
        for _ in 0..<6 {
            let url = folder.appending(path: path)
            if FileManager.default.fileExists(atPath: url.path) { return url }
            folder = folder.deletingLastPathComponent()
        }
        return FileManager.default.fileExists(atPath: path) ? URL(filePath: path) : nil
    }
}
