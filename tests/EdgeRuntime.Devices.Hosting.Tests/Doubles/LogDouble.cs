using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting.Tests.Doubles;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogDouble : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly List<(int Id, LogLevel Level, string Text)> entries = [];

    internal (int Id, LogLevel Level, string Text)[] Entries
    {
        get
        {
            lock (entries)
            {
                return [.. entries];
            }
        }
    }

    internal int[] Ids => [.. Entries.Select(entry => entry.Id)];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (entries)
        {
            entries.Add((eventId.Id, logLevel, formatter(state, exception)));
        }
    }

    public void Dispose()
    {
    }
}
