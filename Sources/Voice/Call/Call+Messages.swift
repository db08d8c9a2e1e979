import WebRTC

/// The line's events and the page's messages.
extension Call {
    /// Seconds between two reports of the microphone's loudness.
    private static let levelPeriod = 0.15

    func send(_ event: RTVIEvent) {
        transport.send(writer.message(event, date: clock.date))
    }

    func takeLine(_ event: CallEvent) {
        switch event {
        case .connected: setConnected(true)
        case .disconnected: setConnected(false)
        case .message(let text): takeMessage(text)
        case .channelOpened, .audio, .closed: break
        }
    }

    private func setConnected(_ connected: Bool) {
        isConnected = connected
        if connected { keepalive.alive(at: clock.now) }
        advance(.away(!isConnected || keepalive.isGone))
    }

    /// Whoever sends is there.
    func showLife() {
        let wasGone = keepalive.isGone
        keepalive.alive(at: clock.now)
        if wasGone { advance(.away(!isConnected)) }
    }

    private func takeMessage(_ text: String) {
        showLife()
        do throws(RTVIError) {
            take(try RTVIRequest(parsing: text))
        } catch {
            logger.debug("message refused: \(error)")
            send(error.id.map { .errorResponse(id: $0, error.description) } ?? .error(error.description))
        }
    }

    private func take(_ request: RTVIRequest) {
        switch request {
        case .ping: keepalive.ping(at: clock.now)
        case .clientReady(let id, let version): welcome(id, version)
        case .disconnectBot: transport.close()
        case .clientMessage(let id, let type): answer(id, type)
        case .sendText(_, let typed): advance(.typed(typed))
        case .microphone(let isOn): advance(.microphone(isOn: isOn))
        case .ignored: break
        }
    }

    private func welcome(_ id: String, _ version: String?) {
        writer.agree(clientVersion: version)
        send(.botReady(id: id))
        send(.server(turn.abilities))
        send(.server(.phase(turn.phase)))
        guard !wasGreeted else { return }
        wasGreeted = true
        if let greeting = options.greeting, !greeting.isEmpty { advance(.say(greeting)) }
    }

    private func answer(_ id: String, _ type: String) {
        guard type == "interrupt" else { return send(.errorResponse(id: id, "Unknown request \(type.prefix(64))")) }
        advance(.stop)
        send(.response(id: id, type: type))
    }

    /// Told when it changes: a quiet line sends nothing.
    func tellUserLevel(_ level: Float) {
        let now = clock.now
        guard now - toldLevel.time >= Self.levelPeriod, abs(level - toldLevel.level) >= 0.003 else { return }
        toldLevel = (level, now)
        send(.userLevel(level))
    }

    func takePlayout(_ event: PlayoutEvent) {
        switch event {
        case .gap(_, let seconds): metrics.gap(seconds)
        case .level(let level): send(.botLevel(level))
        case .started, .played: break
        }
    }
}
