namespace EdgeInference.Devices;

internal static class RegularFile
{
    internal static byte[] Read(string path, int maxBytes) => File.ReadAllBytes(path);
}
