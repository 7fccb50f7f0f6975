using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Documents.Tests;

/// <summary>
/// Folders of a project depend one way: of two folders beside one another, at most one uses types that the other declares. Files
/// directly in a project's folder are its face: they call every folder, and their small types are every folder's words.
/// </summary>
public class FolderTests
{
    public static TheoryData<string> Projects =>
    [
        .. new[] { "src", "tools" }
            .SelectMany(top => Directory.GetFiles(Path.Combine(CodeBlock.Root(), top), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(CodeBlock.Root(), path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_depend_one_way(string project)
    {
        List<string> pairs = TwoWay(Uses(Sources(project, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken));
        Assert.Equal("", string.Join('\n', pairs));
    }

    [Fact]
    public void A_pair_of_folders_that_use_each_other_is_named_with_both_files()
    {
        IReadOnlyDictionary<string, string> sources = new Dictionary<string, string>
        {
            ["Top.cs"] = "namespace P; class Top { A.First first; }",
            ["A/First.cs"] = "namespace P.A; class First { Top top; }",
            ["A/Deep/Second.cs"] = "namespace P.A.Deep; class Second { First first; B.Third third; }",
            ["B/Third.cs"] = "namespace P.B; class Third { static int One => 1; internal static P.A.First Make() => new(); }",
            ["C/Fourth.cs"] = "namespace P.C; class Fourth { object made = B.Third.Make().ToString(); }",
        };
        string pair = Assert.Single(TwoWay(Uses(sources, TestContext.Current.CancellationToken)));
        Assert.Equal("A <-> B: A/Deep/Second.cs uses Third of B/Third.cs, B/Third.cs uses First of A/First.cs", pair);
    }

    /// <summary>The sources of a project by path below its folder.</summary>
    private static Dictionary<string, string> Sources(string project, CancellationToken cancellation)
    {
        string folder = Path.GetDirectoryName(Path.Combine(CodeBlock.Root(), project))!;
        var sources = new Dictionary<string, string>();
        foreach (string path in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string below = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (!below.StartsWith("bin/", StringComparison.Ordinal) && !below.StartsWith("obj/", StringComparison.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                sources.Add(below, File.ReadAllText(path));
            }
        }

        return sources;
    }

    /// <summary>
    /// Which file uses a type that a file of another folder declares: of the member that a name is bound to where it is one, so that a
    /// type that is never named counts too. Of two folders the first file that does is enough, so that later ones need not be bound,
    /// which is what takes the time.
    /// </summary>
    private static HashSet<Use> Uses(IReadOnlyDictionary<string, string> sources, CancellationToken cancellation)
    {
        CSharpCompilation compilation = CSharpProgram.Library(sources, cancellation);
        SyntaxTree[] trees = [.. compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).OrderBy(tree => tree.FilePath, StringComparer.Ordinal)];
        Dictionary<string, HashSet<string>> declared = Declared(compilation, trees, cancellation);
        Dictionary<SyntaxTree, Candidate[]> candidates = trees.ToDictionary(tree => tree, tree => Candidates(tree, declared, cancellation).ToArray());
        HashSet<(string From, string To)> possible = [.. candidates.Values.SelectMany(of => of).SelectMany(candidate => candidate.Folders)];
        var found = new HashSet<(string From, string To)>();
        var uses = new HashSet<Use>();
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            var here = new List<Use>();
            foreach (Candidate candidate in candidates[tree].Where(candidate => candidate.Folders.Any(pair => possible.Contains((pair.To, pair.From)) && !found.Contains(pair))))
            {
                SymbolInfo info = model.GetSymbolInfo(candidate.Name, cancellation);
                here.AddRange((info.Symbol is { } bound ? [bound] : info.CandidateSymbols)
                    .Where(symbol => symbol is not ITypeParameterSymbol)
                    .Select(TypeOf)
                    .Where(type => type is not null && DeclaringFile(type) is { } file && file != tree.FilePath)
                    .Select(type => new Use(tree.FilePath, DeclaringFile(type!)!, type!.Name)));
            }

            uses.UnionWith(here);
            found.UnionWith(here.Select(use => Folders(use.File, use.DeclaringFile)).OfType<(string, string)>());
        }

        return uses;
    }

    /// <summary>The files of the types that have a name or a member of it, by name.</summary>
    private static Dictionary<string, HashSet<string>> Declared(CSharpCompilation compilation, IEnumerable<SyntaxTree> trees, CancellationToken cancellation)
    {
        var declared = new Dictionary<string, HashSet<string>>();
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxToken token in tree.GetRoot(cancellation).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is MemberDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } or ParameterSyntax { Parent.Parent: RecordDeclarationSyntax }))
            {
                if (model.GetDeclaredSymbol(token.Parent!, cancellation) is { } symbol && TypeOf(symbol) is { } type && DeclaringFile(type) is { } file)
                {
                    (declared.TryGetValue(token.Text, out HashSet<string>? files) ? files : declared[token.Text] = []).Add(file);
                }
            }
        }

        return declared;
    }

    /// <summary>The names of a file that may be a use of another folder.</summary>
    private static IEnumerable<Candidate> Candidates(SyntaxTree tree, Dictionary<string, HashSet<string>> declared, CancellationToken cancellation)
    {
        Dictionary<string, (string From, string To)[]> folders = [];
        foreach (SimpleNameSyntax name in tree.GetRoot(cancellation).DescendantNodes().OfType<SimpleNameSyntax>())
        {
            string text = name.Identifier.Text;
            if (declared.TryGetValue(text, out HashSet<string>? files))
            {
                if (!folders.TryGetValue(text, out (string From, string To)[]? pairs))
                {
                    folders[text] = pairs = [.. files.Select(file => Folders(tree.FilePath, file)).OfType<(string, string)>().Distinct()];
                }

                if (pairs.Length > 0)
                {
                    yield return new Candidate(name, pairs);
                }
            }
        }
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => symbol as INamedTypeSymbol ?? symbol.ContainingType;

    // A type in parts is where its first part is.
    private static string? DeclaringFile(INamedTypeSymbol type) => type.OriginalDefinition.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath).Min(StringComparer.Ordinal);

    private static List<string> TwoWay(IEnumerable<Use> uses)
    {
        var byFolders = uses
            .Select(use => (Use: use, Folders: Folders(use.File, use.DeclaringFile)))
            .Where(use => use.Folders is not null)
            .GroupBy(use => use.Folders!.Value, use => use.Use)
            .ToDictionary(group => group.Key, group => group.OrderBy(use => use.File, StringComparer.Ordinal).ThenBy(use => use.Type, StringComparer.Ordinal).ToList()[0]);
        return
        [
            .. from pair in byFolders
               where string.CompareOrdinal(pair.Key.From, pair.Key.To) < 0 && byFolders.ContainsKey((pair.Key.To, pair.Key.From))
               orderby pair.Key
               select $"{pair.Key.From} <-> {pair.Key.To}: {pair.Value}, {byFolders[(pair.Key.To, pair.Key.From)]}",
        ];
    }

    /// <summary>The two folders beside one another in which two files lie; null where one of the files lies in a folder above the other.</summary>
    private static (string From, string To)? Folders(string from, string to)
    {
        string[] of = from.Split('/')[..^1];
        string[] other = to.Split('/')[..^1];
        int common = of.Zip(other).TakeWhile(part => part.First == part.Second).Count();
        return common == of.Length || common == other.Length
            ? null
            : (string.Join('/', of[..(common + 1)]), string.Join('/', other[..(common + 1)]));
    }

    private readonly record struct Candidate(SimpleNameSyntax Name, (string From, string To)[] Folders);

    private readonly record struct Use(string File, string DeclaringFile, string Type)
    {
        public override string ToString() => $"{File} uses {Type} of {DeclaringFile}";
    }
}
