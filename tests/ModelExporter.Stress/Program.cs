using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EdgeInference.Tool.Stress;

// memory COMMANDS: the peak of memory of each command line of a file.
if (args is ["memory", string commands])
{
    return MemoryRun.Run(commands);
}

// streams COMMANDS RESULTS: each command line of a file, with standard streams as it says.
if (args is ["streams", string lines, string results])
{
    return StreamRun.Run(lines, results);
}

// mutate EXTENSION SEEDS SEED COUNT FOUND [LAYERS.json WEIGHTS.safetensors]: damaged copies of the files of a folder; what breaks is kept in FOUND.
if (args is not ["mutate", string extension, string seedFolder, string seed, string count, string foundFolder, ..])
{
    Console.Error.WriteLine("mutate EXTENSION SEEDS SEED COUNT FOUND [LAYERS.json] [WEIGHTS.safetensors] | memory COMMANDS | streams COMMANDS RESULTS");
    return 2;
}

ImporterTarget target = ImporterTarget.All.Single(target => target.Extension == extension);
byte[][] seeds = [.. Directory.GetFiles(seedFolder, "*" + extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 1 << 16)];
string folder = Directory.CreateTempSubdirectory("edge-stress-").FullName;
foreach (string companion in args[6..])
{
    File.Copy(companion, Path.Combine(folder, companion.EndsWith(".json", StringComparison.Ordinal) ? "layers.json" : "weights.safetensors"));
}

Directory.CreateDirectory(foundFolder);
long start = Stopwatch.GetTimestamp();
var kinds = new Dictionary<string, int>();
long accepted = ImporterRun.Run(target, seeds, int.Parse(seed, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture), folder, (file, what) =>
{
    // One of a kind is enough to find the fault: kinds differ in the place that threw.
    string[] lines = what.Split('\n');
    string place = lines[0].Split('\'')[0] + Array.Find(lines, line => line.Contains(" at ModelExporter", StringComparison.Ordinal) && !line.Contains("Stress", StringComparison.Ordinal));
    if (!kinds.TryAdd(place, 1))
    {
        kinds[place]++;
        return;
    }

    string name = Convert.ToHexStringLower(SHA256.HashData(file))[..12];
    File.WriteAllBytes(Path.Combine(foundFolder, name + extension), file);
    File.WriteAllText(Path.Combine(foundFolder, name + ".txt"), what);
});
Directory.Delete(folder, recursive: true);
Console.WriteLine($"{extension}: {count} files from {seeds.Length}, {accepted} accepted, {kinds.Values.Sum()} broke something, {kinds.Count} kinds, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
return kinds.Count == 0 ? 0 : 1;
