using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

/// <summary>A log that a test can read.</summary>
internal sealed class LogLines : ILogger, ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> lines = new();

    internal IReadOnlyList<(int Id, LogLevel Level, string Text)> All => [.. lines];

    /// <summary>The lines of one event.</summary>
    internal IReadOnlyList<string> Of(int id) => [.. lines.Where(line => line.Id == id).Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
