namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>Models that lie beside the checkout, in a folder <c>shared/mlperf-tiny</c> of one of the folders above; they are not part of the project.</summary>
internal static class SharedModel
{
    /// <summary>The path of a model; a test that needs one that is not there is skipped.</summary>
    internal static string Path(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = System.IO.Path.Combine(folder.FullName, "shared", "mlperf-tiny", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared/mlperf-tiny/{name} is not beside the checkout.");
        return "";
    }
}
