using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeInference.ModelConverter.Files;

/// <summary>Where an output really goes, once its symbolic links are followed.</summary>
/// <param name="Path">The last path of the chain of links.</param>
/// <param name="Descriptor">The open descriptor of this process that the path stands for; −1 where it stands for none.</param>
internal sealed partial record OutputTarget(string Path, int Descriptor)
{
    /// <summary>The path that stands for standard output.</summary>
    internal const string StandardOutput = "-";

    // As the kernel's own bound.
    private const int MostLinks = 40;

    /// <summary>True where the bytes go to standard output.</summary>
    internal bool IsStandardOutput => Descriptor == 1;

    /// <summary>True for a device, a FIFO, a socket or an open descriptor: written as it is, and never replaced.</summary>
    internal bool IsStream => Descriptor >= 0 || ForeignDescriptor().IsMatch(Path) || FileStatus.Of(Path) is { IsOrdinary: false };

    /// <summary>The same text for every path of one ordinary file, also one that is not there yet; null for a device and the like, which many may write to.</summary>
    internal string? Identity
    {
        get
        {
            if (IsStandardOutput)
            {
                return "standard output";
            }

            if (IsStream)
            {
                return null;
            }

            string folder = System.IO.Path.GetDirectoryName(Path) ?? Path;
            string name = System.IO.Path.GetFileName(Path);
            return FileStatus.Of(Path)?.Identity
                ?? $"{FileStatus.Of(folder)?.Identity ?? folder}/{(OperatingSystem.IsLinux() ? name : name.ToUpperInvariant())}";
        }
    }

    /// <summary>Follows a path.</summary>
    /// <exception cref="InputException">The path is empty, no path at all, or its links go round.</exception>
    internal static OutputTarget Of(string path)
    {
        if (path == StandardOutput)
        {
            return new OutputTarget(path, 1);
        }

        if (System.IO.Path.EndsInDirectorySeparator(path))
        {
            throw new InputException($"The output '{path}' is a folder; name a file.");
        }

        string full;
        try
        {
            full = System.IO.Path.GetFullPath(path);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new InputException($"The output '{path}' is not a path; name a file.", exception);
        }

        return OperatingSystem.IsWindows() ? new OutputTarget(FollowOnWindows(full, path), -1) : Follow(full, path);
    }

    // Folder by folder as the system does: a link's ".." starts where its folder really is, which Path.GetFullPath does not know.
    private static OutputTarget Follow(string full, string path)
    {
        var rest = new Stack<string>(full.Split('/').Reverse());
        string current = "/";
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            if (part is "" or ".")
            {
                continue;
            }

            current = part == ".." ? System.IO.Path.GetDirectoryName(current) ?? "/" : System.IO.Path.Combine(current, part);
            if (DescriptorOf(current) is { } descriptor)
            {
                if (rest.All(after => after is "" or "."))
                {
                    return new OutputTarget(current, descriptor);
                }

                if (!Directory.Exists(current))
                {
                    throw new InputException($"The output '{path}' is not a path: '{current}' is not a folder; name a file.");
                }

                continue;
            }

            if (ForeignDescriptor().IsMatch(current) || new FileInfo(current).LinkTarget is not { } target)
            {
                continue;
            }

            if (++links > MostLinks)
            {
                throw new InputException($"The symbolic links of the output '{path}' form a loop; name another file.");
            }

            foreach (string step in target.Split('/').Reverse())
            {
                rest.Push(step);
            }

            current = target.StartsWith('/') ? "/" : System.IO.Path.GetDirectoryName(current) ?? "/";
        }

        return new OutputTarget(current, -1);
    }

    private static string FollowOnWindows(string full, string path)
    {
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return full;
        }
        catch (IOException exception)
        {
            throw new InputException($"The symbolic links of the output '{path}' cannot be followed: {exception.Message}", exception);
        }
    }

    // What such a link points to is not a path, so it must be known by name before it is read.
    private static int? DescriptorOf(string path)
    {
        switch (path)
        {
            case "/dev/stdout":
                return 1;
            case "/dev/stderr":
                return 2;
        }

        Match match = OwnDescriptor().Match(path);
        return match.Success
            && (!int.TryParse(match.Groups["process"].ValueSpan, CultureInfo.InvariantCulture, out int process) || process == Environment.ProcessId)
            && int.TryParse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out int number)
                ? number
                : null;
    }

    [GeneratedRegex("^(/dev/fd|/proc/(self|thread-self|(?<process>[0-9]+)(/task/[0-9]+)?)/fd)/(?<number>[0-9]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnDescriptor();

    [GeneratedRegex("^/proc/[0-9]+(/task/[0-9]+)?/fd/[0-9]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex ForeignDescriptor();
}
