import Companion
import TrainingData

/// What a conversation of each category consists of.
extension Author {
    mutating func conversation(_ category: Category) async -> TrainingConversation {
        var scene: Scene
        switch category {
        case .topicSwitching: scene = await switching()
        case .directAction: scene = await acting()
        case .conciseVoice: scene = brief()
        case .honestMemory: scene = await honest()
        case .userContext: scene = await personal()
        case .culture: scene = cultured()
        case .mixed: scene = await mixed()
        }
        return scene.conversation(category.rawValue)
    }

    // MARK: Parts

    /// Something to talk about that needs no tool.
    mutating func talks(in scene: inout Scene) {
        switch random.next(below: 100) {
        case 0..<22: exchange(knowledge.draw(&random), in: &scene)
        case 22..<32: exchange(contrasts.draw(&random), in: &scene)
        case 32..<45: exchange(smallTalk.draw(&random), in: &scene)
        case 45..<57: exchange(advice.draw(&random), in: &scene)
        case 57..<66: exchange(feelings.draw(&random), in: &scene)
        case 66..<74: exchange(opinions.draw(&random), in: &scene)
        case 74..<80: exchange(identity.draw(&random), in: &scene)
        case 80..<86: exchange(passing.draw(&random), in: &scene)
        case 86..<93: exchange(culture.draw(&random), in: &scene)
        case 93..<96: adds(in: &scene)
        default: exchange(plainSpeech.draw(&random), in: &scene)
        }
    }

    /// Something for which there is a tool.
    mutating func acts(in scene: inout Scene) async {
        switch random.next(below: 100) {
        case 0..<38: await searches(in: &scene)
        case 38..<50: await remembers(in: &scene)
        case 50..<62: await savesNote(in: &scene)
        case 62..<70: await readsNote(in: &scene)
        case 70..<80: await deletesNote(in: &scene)
        case 80..<90: await tellsTime(in: &scene)
        default: await recallsBySearch(in: &scene)
        }
    }

    /// Few of the conversations are held without tools.
    private mutating func usualScene(_ profile: Profile? = nil) -> Scene {
        scene(profile, hasTools: !random.chance(5))
    }

    /// A profile that has what the turn is about.
    private mutating func profile(where fits: (Profile) -> Bool) -> Profile {
        var profile = profile()
        while !fits(profile) { profile = self.profile() }
        return profile
    }

    // MARK: Categories

    private mutating func switching() async -> Scene {
        var scene = usualScene()
        for turn in 0..<random.pick([2, 2, 3, 3, 4]) {
            scene.switchesTopic = turn > 0
            if scene.hasTools, random.chance(38) {
                await acts(in: &scene)
            } else if random.chance(8) {
                await namesUser(in: &scene)
            } else {
                talks(in: &scene)
            }
        }
        return scene
    }

    private mutating func acting() async -> Scene {
        var scene = scene()
        if random.chance(12) { exchange(smallTalk.draw(&random), in: &scene) }
        switch random.next(below: 100) {
        case 0..<24: await searches(in: &scene)
        case 24..<31: await searches(weather: true, in: &scene)
        case 31..<36: await searches(.unavailable, in: &scene)
        case 36..<39: await searches(.nothing, in: &scene)
        case 39..<43: await searches(.orders, in: &scene)
        case 43..<45: await searches(.onlyOrders, in: &scene)
        case 45..<56: await savesNote(in: &scene)
        case 56..<59: await notesAdvice(in: &scene)
        case 59..<66: await readsNote(found: random.chance(80), in: &scene)
        case 66..<70: await listsNotes(in: &scene)
        case 70..<77: await deletesNote(in: &scene)
        case 77..<79: await deletesOrderedNote(in: &scene)
        case 79..<90: await remembers(in: &scene)
        default: await tellsTime(in: &scene)
        }
        if random.chance(25) { exchange(smallTalk.draw(&random), in: &scene) }
        if random.chance(25) { await acts(in: &scene) }
        return scene
    }

    private mutating func brief() -> Scene {
        var scene = usualScene()
        for _ in 0..<random.pick([1, 1, 1, 2, 2]) {
            switch random.next(below: 100) {
            case 0..<32: exchange(knowledge.draw(&random), in: &scene)
            case 32..<40: exchange(contrasts.draw(&random), in: &scene)
            case 40..<62: exchange(plainSpeech.draw(&random), in: &scene)
            case 62..<76: exchange(advice.draw(&random), in: &scene)
            case 76..<86: exchange(feelings.draw(&random), in: &scene)
            case 86..<92: exchange(identity.draw(&random), in: &scene)
            case 92..<96: exchange(opinions.draw(&random), in: &scene)
            default: ignoresNote(in: &scene)
            }
        }
        return scene
    }

    private mutating func honest() async -> Scene {
        var scene = scene(hasTools: !random.chance(8))
        if random.chance(20) { talks(in: &scene) }
        guard scene.hasTools else {
            await doesNotRecall(in: &scene)
            return scene
        }
        switch random.next(below: 100) {
        case 0..<40: await doesNotRecall(in: &scene)
        case 40..<52: await recallsTalk(found: false, in: &scene)
        case 52..<72: await recallsBySearch(in: &scene)
        case 72..<84: await recallsTalk(found: true, in: &scene)
        default: recallsFromNote(in: &scene)
        }
        if random.chance(30) {
            if random.chance(50) { await doesNotRecall(in: &scene) } else { talks(in: &scene) }
        }
        return scene
    }

    private mutating func personal() async -> Scene {
        var scene: Scene
        switch random.next(below: 100) {
        case 0..<20:
            scene = usualScene(profile { !$0.name.isEmpty })
            await namesUser(in: &scene)
        case 20..<28:
            scene = usualScene(profile { !$0.name.isEmpty })
            greetsUser(in: &scene)
        case 28..<38:
            scene = usualScene(profile { !$0.city.isEmpty })
            await placesUser(in: &scene)
        case 38..<43:
            scene = usualScene(profile { !$0.languages.isEmpty })
            await namesLanguages(in: &scene)
        case 43..<65:
            scene = usualScene(profile { !$0.preferences.isEmpty })
            await usesPreference(applied: false, in: &scene)
        case 65..<85:
            scene = usualScene(profile { !$0.preferences.isEmpty })
            await usesPreference(applied: true, in: &scene)
        case 85..<92:
            scene = self.scene(profile { $0.name.isEmpty || $0.city.isEmpty })
            if scene.profile.name.isEmpty { await namesUser(in: &scene) } else { await placesUser(in: &scene) }
        default:
            scene = self.scene(profile { !$0.city.isEmpty })
            await searches(weather: true, in: &scene)
        }
        if random.chance(35) { if random.chance(40) { await placesUser(in: &scene) } else { talks(in: &scene) } }
        if random.chance(15) { await namesUser(in: &scene) }
        return scene
    }

    private mutating func cultured() -> Scene {
        var scene = usualScene()
        let isForeign = random.chance(18)
        for _ in 0..<random.pick([1, 1, 2, 2, 3]) {
            if isForeign {
                plainly(otherLanguages.draw(&random), in: &scene)
            } else {
                exchange(culture.draw(&random), in: &scene)
            }
        }
        return scene
    }

    private mutating func mixed() async -> Scene {
        var scene = scene()
        for part in 0..<random.integer(2...3) {
            switch random.next(below: 100) {
            case 0..<35:
                let thread = threads.draw(&random)
                exchange(thread[0], in: &scene)
                for exchange in thread.dropFirst() { plainly(exchange, in: &scene) }
            case 35..<55: await recallsWithinTalk(in: &scene, between: random.integer(0...1))
            case 55..<80: await acts(in: &scene)
            default: talks(in: &scene)
            }
            scene.switchesTopic = part == 0 && random.chance(50)
        }
        scene.switchesTopic = false
        if random.chance(30) { await namesUser(in: &scene) }
        return scene
    }
}
