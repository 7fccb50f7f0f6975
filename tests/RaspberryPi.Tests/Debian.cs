using System.ComponentModel;
using System.Diagnostics;

namespace RaspberryPi.Tests;

/// <summary>Programs that tests need from Debian: installed where this runs as root, else the test is skipped with the reason.</summary>
internal static class Debian
{
    /// <summary>Skips the test unless the file is there or its packages can be installed.</summary>
    internal static void Require(string file, params string[] packages)
    {
        if (File.Exists(file))
        {
            return;
        }

        bool arm64 = packages.Any(package => package.EndsWith(":arm64", StringComparison.Ordinal));
        bool installed = OperatingSystem.IsLinux() && Environment.UserName == "root"
            && (!arm64 || Run("dpkg", "--add-architecture", "arm64").ExitCode == 0)
            && Run("apt-get", "update", "-qq").ExitCode == 0
            && Run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", .. packages]).ExitCode == 0
            && File.Exists(file);
        Assert.SkipUnless(installed, $"{file} is missing and {string.Join(", ", packages)} could not be installed.");
    }

    /// <summary>
    /// Unpacks a package into a folder and gives its path, or skips the test. For libraries of another processor: dpkg installs them
    /// only in the version that this one's have, and the archive does not always have that for both.
    /// </summary>
    internal static string Unpacked(string package, string folder)
    {
        Directory.CreateDirectory(folder);
        (int exitCode, string output) = Run("sh", "-c", $"cd '{folder}' && apt-get download -qq {package} && dpkg-deb -x *.deb root");
        Assert.SkipUnless(exitCode == 0, $"{package} could not be downloaded: {output}");
        return Path.Combine(folder, "root");
    }

    /// <summary>Runs a program to its end.</summary>
    internal static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
