using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>What updates say in the log; the numbers are part of the documentation.</summary>
internal static partial class UpdateLog
{
    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning, Message = "Updates from {Source} ({Origin}) fail ({Kind}): {Reason} It is tried again; the same fault is not said again until the source was well.")]
    internal static partial void SourceFails(ILogger logger, string source, string origin, string kind, string reason);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Information, Message = "Updates from {Source} ({Origin}) are well again after {Failures} failures.")]
    internal static partial void SourceWell(ILogger logger, string source, string origin, long failures);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Information, Message = "Updates are looked for: {Source}, {Origin}.")]
    internal static partial void SourceStarts(ILogger logger, string source, string origin);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Error, Message = "Updates from {Source} ({Origin}) met a fault of this program. It is tried again; the same fault is not said again until the source was well.")]
    internal static partial void SourceBroken(ILogger logger, string source, string origin, Exception exception);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Warning, Message = "The file {File} cannot be taken: {Reason} It is looked at again with each check; the same fault of the same file is not said again.")]
    internal static partial void FileFails(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "{Key} names a user and {TlsKey} is false: the password goes over the network for anybody to read.")]
    internal static partial void PasswordInTheClear(ILogger logger, string key, string tlsKey);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "This machine has no number of its own (/etc/machine-id), so the broker keeps no session and messages sent while the device is away are lost. Set {Key}.")]
    internal static partial void NoSession(ILogger logger, string key);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Information, Message = "The folder {Folder} does not exist yet; it is looked for with each check.")]
    internal static partial void NoFolderYet(ILogger logger, string folder);
}
