using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>The project file of nanoFramework's classic kind, and its list of packages.</summary>
internal static class ProjectXml
{
    /// <summary>The kind of a C# project for nanoFramework.</summary>
    internal const string Kind = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

    /// <summary>packages.config.</summary>
    internal static string Packages(IEnumerable<NanoPackage> packages)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<packages>\n");
        foreach (NanoPackage package in packages)
        {
            text.Append($"  <package id=\"{package.Id}\" version=\"{package.Version}\" targetFramework=\"netnano1.0\" />\n");
        }

        return text.Append("</packages>\n").ToString();
    }

    /// <summary>The .nfproj.</summary>
    /// <param name="name">Name of the assembly.</param>
    /// <param name="space">Root namespace.</param>
    /// <param name="id">The project's GUID with its braces.</param>
    /// <param name="output">Library or Exe.</param>
    /// <param name="sources">Files to compile.</param>
    /// <param name="packages">Packages to refer to.</param>
    internal static string Project(string name, string space, string id, string output, IEnumerable<string> sources, IEnumerable<NanoPackage> packages) => $$"""
        <?xml version="1.0" encoding="utf-8"?>
        <Project ToolsVersion="15.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
          <PropertyGroup Label="Globals">
            <NanoFrameworkProjectSystemPath>$(MSBuildExtensionsPath)\nanoFramework\v1.0\</NanoFrameworkProjectSystemPath>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props')" />
          <PropertyGroup>
            <Configuration Condition=" '$(Configuration)' == '' ">Release</Configuration>
            <Platform Condition=" '$(Platform)' == '' ">AnyCPU</Platform>
            <ProjectTypeGuids>{{Kind}};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}</ProjectTypeGuids>
            <ProjectGuid>{{id}}</ProjectGuid>
            <OutputType>{{output}}</OutputType>
            <FileAlignment>512</FileAlignment>
            <RootNamespace>{{space}}</RootNamespace>
            <AssemblyName>{{name}}</AssemblyName>
            <TargetFrameworkVersion>v1.0</TargetFrameworkVersion>
            <LangVersion>7.3</LangVersion>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.props')" />
          <ItemGroup>
        {{string.Concat(sources.Select(source => $"    <Compile Include=\"{source}\" />\n"))}}    <None Include="packages.config" />
          </ItemGroup>
          <ItemGroup>
        {{string.Concat(packages.Select(Reference))}}  </ItemGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets')" />
          <ProjectExtensions>
            <ProjectCapabilities>
              <ProjectConfigurationsDeclaredAsItems />
            </ProjectCapabilities>
          </ProjectExtensions>
        </Project>

        """;

    private static string Reference(NanoPackage package) => $"""
            <Reference Include="{package.Assembly}">
              <HintPath>packages\{package.Id}.{package.Version}\lib\{package.Assembly}.dll</HintPath>
              <Private>True</Private>
            </Reference>

        """;
}
