namespace EdgeInference.Tool.Tests;

/// <summary>Finds files of the checkout.</summary>
internal static class TestData
{
    /// <summary>The folder that holds the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>A file of the folder data.</summary>
    internal static string Data(string name) => Path.Combine(Root, "data", name);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside the checkout.");
    }
}
