using System.Diagnostics;

// dotnet test gives its console the test assembly and --settings:FILE, among options that say nothing to a test program.
string assembly = args.Single(argument => argument.EndsWith(".dll", StringComparison.Ordinal));
string settings = args.Single(argument => argument.StartsWith("--settings:", StringComparison.Ordinal))["--settings:".Length..];
string text = File.ReadAllText(settings);
string filter = text.Split("<TestCaseFilter>")[1].Split("</TestCaseFilter>")[0];

// Every part is FullyQualifiedName!~X: a name that does not contain X. Anything else would be left out silently.
const string NotContains = "FullyQualifiedName!~";
string[] parts = filter.Split("&amp;");
if (parts.FirstOrDefault(part => !part.StartsWith(NotContains, StringComparison.Ordinal)) is string other)
{
    Console.Error.WriteLine($"{settings} asks for '{other}'; a quick run knows {NotContains}X alone");
    return 1;
}

var start = new ProcessStartInfo(Environment.ProcessPath!, [assembly, "-noLogo", "-noColor"]) { WorkingDirectory = Path.GetDirectoryName(assembly) };
foreach (string part in parts)
{
    start.ArgumentList.Add("-method-");
    start.ArgumentList.Add($"*{part[NotContains.Length..]}*");
}

using Process process = Process.Start(start)!;
process.WaitForExit();
return process.ExitCode;
