import ModelHub
import Speech

/// Finds the models of hearing and speaking, and brings them here.
enum SpeechFinder {
    /// Where they are, or will be.
    static var models: SpeechModels { SpeechModels(directory: ModelStore().locations.models) }

    /// Fetches what is missing, with a progress line; returns at once if all is here.
    static func pull() async throws {
        let line = PullLine(SpeechCatalogue.name)
        try await ModelStore().pullSpeech { line.show($0) }
        line.finish()
    }
}
