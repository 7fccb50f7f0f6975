using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>Whoever filters a log by event id finds each id in the documents, once.</summary>
public sealed class EventIdTests
{
    [Fact]
    public void Event_ids_are_unique_and_documented()
    {
        LoggerMessageAttribute[] messages = [.. typeof(EdgeDeviceServices).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()];
        Assert.NotEmpty(messages);
        Assert.Equal(messages.Length, messages.Select(message => message.EventId).Distinct().Count());
        string documents = File.ReadAllText(Root("src/EdgeRuntime.Devices.Hosting/README.md")) + File.ReadAllText(Root("docs/raspberry-pi.md"));
        Assert.All(messages, message => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {message.EventId} | {message.Level} |"), documents, StringComparison.Ordinal));
    }

    private static string Root(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", path);
}
