namespace EdgeInference.Benchmarks.Cases;

/// <summary>Test data that lies beside the checkout, whichever folder below it this runs in.</summary>
internal static class SharedFiles
{
    internal static string Find(string folder, string file)
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string path = Path.Combine(directory, "shared", folder, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"shared/{folder}/{file} is not beside this checkout");
    }
}
