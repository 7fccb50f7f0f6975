namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>The nanoFramework project around an emitted engine.</summary>
internal static class EngineProject
{
    private const string CoreLibrary = "1.17.11";

    /// <summary>File names and texts.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files() =>
    [
        ("EdgeInference.Nano.nfproj", Project),
        ("packages.config", Packages),
    ];

    private const string Packages = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <packages>
          <package id="nanoFramework.CoreLibrary" version="{CoreLibrary}" targetFramework="netnano1.0" />
        </packages>

        """;

    private const string Project = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Project ToolsVersion="15.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
          <PropertyGroup Label="Globals">
            <NanoFrameworkProjectSystemPath>$(MSBuildExtensionsPath)\nanoFramework\v1.0\</NanoFrameworkProjectSystemPath>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props')" />
          <PropertyGroup>
            <Configuration Condition=" '$(Configuration)' == '' ">Release</Configuration>
            <Platform Condition=" '$(Platform)' == '' ">AnyCPU</Platform>
            <ProjectTypeGuids>{"{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}"}</ProjectTypeGuids>
            <ProjectGuid>{"{6D0C1C3E-52B1-4E0B-9C63-0C5B0E1F7A02}"}</ProjectGuid>
            <OutputType>Library</OutputType>
            <FileAlignment>512</FileAlignment>
            <RootNamespace>EdgeInference.Nano</RootNamespace>
            <AssemblyName>EdgeInference.Nano</AssemblyName>
            <TargetFrameworkVersion>v1.0</TargetFrameworkVersion>
            <LangVersion>7.3</LangVersion>
          </PropertyGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.props')" />
          <ItemGroup>
            <Compile Include="{EngineEmitter.SourceName}" />
            <None Include="packages.config" />
          </ItemGroup>
          <ItemGroup>
            <Reference Include="mscorlib">
              <HintPath>packages\nanoFramework.CoreLibrary.{CoreLibrary}\lib\mscorlib.dll</HintPath>
              <Private>True</Private>
            </Reference>
          </ItemGroup>
          <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets')" />
          <ProjectExtensions>
            <ProjectCapabilities>
              <ProjectConfigurationsDeclaredAsItems />
            </ProjectCapabilities>
          </ProjectExtensions>
        </Project>

        """;
}
